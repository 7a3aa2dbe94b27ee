using System.Text.Json;

namespace Bifrost.Configuration;

/// <summary>The values of one section that had the right form. What was wrong is missing here and stands among the mistakes.</summary>
/// <param name="path">Where the section stands.</param>
/// <param name="element">The section as it is written; of use for as long as its document.</param>
public sealed class SectionReading(string path, JsonElement element)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Where the section stands.</summary>
    public string Path => path;

    /// <summary>As it is written.</summary>
    public JsonElement Element => element;

    public string PathOf(string field) => JsonPath.Member(path, field);

    /// <summary>Notes that a field is written, right or wrong. False when it was before.</summary>
    public bool Touch(string field) => _values.TryAdd(field, null);

    public void Set(string field, object? value) => _values[field] = value;

    /// <summary>Written, right or wrong.</summary>
    public bool Has(string field) => _values.ContainsKey(field);

    public string? Text(string field) => Value<string>(field);

    public bool? Flag(string field) => Struct<bool>(field);

    public int? Whole(string field) => Struct<double>(field) is { } number ? (int)number : null;

    public long? Count(string field) => Struct<double>(field) is { } number ? (long)number : null;

    public double? Number(string field) => Struct<double>(field);

    public IReadOnlyList<string>? Texts(string field) => Value<IReadOnlyList<string>>(field);

    public IReadOnlyDictionary<string, string>? TextMap(string field) => Value<IReadOnlyDictionary<string, string>>(field);

    public decimal? Amount(string field) => Struct<decimal>(field);

    public IReadOnlyDictionary<string, decimal>? AmountMap(string field) => Value<IReadOnlyDictionary<string, decimal>>(field);

    public SectionReading? Section(string field) => Value<SectionReading>(field);

    public IReadOnlyList<SectionReading> Sections(string field) => Value<IReadOnlyList<SectionReading>>(field) ?? [];

    private T? Value<T>(string field)
        where T : class => _values.GetValueOrDefault(field) as T;

    private T? Struct<T>(string field)
        where T : struct => _values.GetValueOrDefault(field) is T value ? value : null;
}
