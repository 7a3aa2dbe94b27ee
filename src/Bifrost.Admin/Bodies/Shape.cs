namespace Bifrost.Admin.Bodies;

/// <summary>The members an object may have: what a body is checked against, and what the reference shows.</summary>
internal sealed record Shape(string Name, IReadOnlyList<Field> Fields)
{
    /// <summary>Whoever takes the body checks it, against the published shape of the configuration file.</summary>
    public bool IsFree { get; init; }

    /// <summary>For the reference.</summary>
    public string? Meaning { get; init; }

    public static Shape Free(string name, string meaning) => new(name, []) { IsFree = true, Meaning = meaning };

    public Field? Find(string name) => Fields.FirstOrDefault(f => f.Name == name);

    /// <summary>The same with nothing required: for updates, where what is absent stays as it is.</summary>
    public Shape AsUpdate(params Field[] more) => new($"{Name}Update", [.. Fields.Select(f => f with { Required = false }), .. more]);
}

/// <summary>One member of a JSON object.</summary>
/// <param name="Name">As published.</param>
/// <param name="Kind">What its value must be.</param>
/// <param name="Meaning">For the reference.</param>
internal sealed record Field(string Name, FieldKind Kind, string Meaning)
{
    public bool Required { get; init; }

    /// <summary>Another field in whose absence this one is required; null: none.</summary>
    public string? RequiredWithout { get; init; }

    /// <summary>Null may stand there, and takes away what is set.</summary>
    public bool Nullable { get; init; }

    /// <summary>What an object, or each object of a list, looks like.</summary>
    public Shape? Inside { get; init; }

    /// <summary>The only texts that may stand there.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    public decimal Least { get; init; } = decimal.MinValue;

    public decimal Most { get; init; } = decimal.MaxValue;

    /// <summary>Characters at most, of a text or of each text of a list.</summary>
    public int Longest { get; init; } = 1000;

    /// <summary>Never shown in a message.</summary>
    public bool Secret { get; init; }

    /// <summary>Says what is wrong with a text, or null.</summary>
    public Func<string, string?>? Rule { get; init; }
}

internal enum FieldKind
{
    Text,
    Flag,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>Any number.</summary>
    Number,

    /// <summary>US dollars with up to nine decimals; read as nanodollars.</summary>
    Dollars,

    /// <summary>A point in time, RFC 3339.</summary>
    Time,

    /// <summary>A list of different texts.</summary>
    Texts,

    /// <summary>An object of numbers under names that are checked later.</summary>
    Numbers,

    /// <summary>An object.</summary>
    Object,

    /// <summary>A list of objects.</summary>
    Objects,

    /// <summary>Anything; checked by whoever reads it.</summary>
    Json,
}

/// <summary>A member that may be absent, null, or there.</summary>
internal readonly record struct Given<T>(bool IsGiven, T? Value)
{
    public static Given<T> Absent => default;

    public bool IsNull => IsGiven && Value is null;

    /// <summary>What it is to be after an update: what was given, or as it was.</summary>
    public T? Or(T? current) => IsGiven ? Value : current;
}
