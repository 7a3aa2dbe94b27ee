namespace Bifrost.Configuration;

public enum FieldKind
{
    Text,
    Flag,
    Whole,
    Number,
    Texts,
    TextMap,

    /// <summary>A decimal number, nothing rounded: money.</summary>
    Amount,
    AmountMap,
    Section,
    Sections,

    /// <summary>Known, and not looked into.</summary>
    Anything,
}

/// <summary>One published key of config.json and what may stand there.</summary>
public sealed record Field(string Name, FieldKind Kind)
{
    /// <summary>False: it may be written, does nothing yet, and is warned of once.</summary>
    public bool Served { get; init; } = true;

    public bool Required { get; init; }

    /// <summary>Its value is never shown.</summary>
    public bool Secret { get; init; }

    /// <summary><c>env.NAME</c> stands for the value of a variable.</summary>
    public bool FromEnvironment { get; init; }

    public double Least { get; init; } = double.MinValue;

    public double Most { get; init; } = double.MaxValue;

    /// <summary>What a number counts: <c>seconds</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>What a text, each text of a list, or each value of a map must be. Gives a sentence's end when it is not, else null.</summary>
    public Func<string, string?>? Rule { get; init; }

    /// <summary>The same for the names of a map.</summary>
    public Func<string, string?>? NameRule { get; init; }

    /// <summary>How entries of a list are compared when looking for one written twice.</summary>
    public StringComparer Comparer { get; init; } = StringComparer.Ordinal;

    /// <summary>A number will do for a text: ports.</summary>
    public bool TakesNumber { get; init; }

    /// <summary>What stands inside a section.</summary>
    public Section? Inside { get; init; }

    /// <summary>Another spelling of this field.</summary>
    public string? SameAs { get; init; }

    public static Field Text(string name, Func<string, string?>? rule = null) => new(name, FieldKind.Text) { Rule = rule };

    /// <summary>A text that may be <c>env.NAME</c>.</summary>
    public static Field Variable(string name, Func<string, string?>? rule = null) => Text(name, rule) with { FromEnvironment = true };

    public static Field Credential(string name) => Variable(name, TextRules.Credential) with { Secret = true };

    public static Field Flag(string name) => new(name, FieldKind.Flag);

    public static Field Whole(string name, int least, int most, string? unit = null) =>
        new(name, FieldKind.Whole)
        {
            Least = least,
            Most = most,
            Unit = unit,
        };

    /// <summary>A number of things, from one up to what a JSON number can count exactly.</summary>
    public static Field Count(string name, string unit) =>
        new(name, FieldKind.Whole)
        {
            Least = 1,
            Most = 9_007_199_254_740_991,
            Unit = unit,
        };

    public static Field Texts(string name, Func<string, string?> rule) => new(name, FieldKind.Texts) { Rule = rule };

    /// <summary>A text that is one of a few.</summary>
    public static Field Choice(string name, params string[] choices) => new(name, FieldKind.Text) { Rule = TextRules.OneOf(choices) };

    /// <summary>Money or a price, of zero or more.</summary>
    public static Field Amount(string name, string? unit = null) => new(name, FieldKind.Amount) { Least = 0, Unit = unit };

    public static Field Of(string name, Section inside) => new(name, FieldKind.Section) { Inside = inside };

    public static Field ListOf(string name, Section inside) => new(name, FieldKind.Sections) { Inside = inside };

    public static Field Silent(string name) => new(name, FieldKind.Anything);

    public static Field Unserved(string name) => new(name, FieldKind.Anything) { Served = false };
}

/// <summary>An object of config.json: the fields it may have.</summary>
public sealed class Section(params Field[] fields)
{
    public IReadOnlyList<Field> Fields => fields;

    public Field? Find(string name) => Array.Find(fields, f => f.Name == name);
}
