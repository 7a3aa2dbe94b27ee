using System.Text.Json;

namespace Bifrost.Admin.Bodies;

/// <summary>An object of a body whose members have been checked. Members that were wrong count as absent: the mistake is noted already.</summary>
internal sealed class Body(string path, IReadOnlyDictionary<string, object?> members)
{
    public static Body Empty { get; } = new("", new Dictionary<string, object?>());

    /// <summary>As it was sent, where the shape is free.</summary>
    public JsonElement Root { get; init; }

    public string Path => path;

    public bool IsEmpty => members.Count == 0;

    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public bool Has(string name) => members.ContainsKey(name);

    public Given<string> Text(string name) => Of<string>(name);

    public Given<bool?> Flag(string name) => Of<bool?>(name);

    public Given<long?> Whole(string name) => Of<long?>(name);

    public Given<decimal?> Number(string name) => Of<decimal?>(name);

    /// <summary>Nanodollars.</summary>
    public Given<long?> Dollars(string name) => Of<long?>(name);

    public Given<DateTimeOffset?> Time(string name) => Of<DateTimeOffset?>(name);

    public Given<IReadOnlyList<string>> Texts(string name) => Of<IReadOnlyList<string>>(name);

    public Given<IReadOnlyDictionary<string, decimal>> Numbers(string name) => Of<IReadOnlyDictionary<string, decimal>>(name);

    public Given<Body> Object(string name) => Of<Body>(name);

    public Given<IReadOnlyList<Body>> Objects(string name) => Of<IReadOnlyList<Body>>(name);

    public Given<JsonElement?> Json(string name) => Of<JsonElement?>(name);

    private Given<T> Of<T>(string name) =>
        members.TryGetValue(name, out var value) ? new Given<T>(true, value is null ? default : (T)value) : Given<T>.Absent;
}
