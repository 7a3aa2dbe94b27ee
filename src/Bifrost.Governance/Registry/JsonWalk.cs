using System.Text.Json;

namespace Bifrost.Governance.Registry;

/// <summary>Steps through the members of objects, and remembers the names of those that nobody knew.</summary>
internal sealed class JsonWalk
{
    private const int MostRemembered = 100;

    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Unknown => _unknown;

    /// <summary>Onto the object that is the document.</summary>
    public static void Begin(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An object is expected.");
        }
    }

    /// <summary>Onto the name of the next member of the object; false at its end.</summary>
    public static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>From the start of an array, or the end of an item, onto the start of the next object in it; false at the end of the array.</summary>
    public static bool NextItem(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndObject))
        {
            throw new JsonException("A list is expected.");
        }

        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw new JsonException("A list of objects is expected."),
        };
    }

    /// <summary>Whether the member has this name; if so, goes onto its value.</summary>
    public static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name) && json.Read();

    public static string Needed(string? value, string name) => value ?? throw Missing(name);

    public static JsonException Missing(string name) => new($"`{name}` is missing.");

    /// <summary>Passes over a member that is not known.</summary>
    public void Skip(ref Utf8JsonReader json, string within)
    {
        if (_unknown.Count < MostRemembered)
        {
            _unknown.Add(within + json.GetString());
        }

        json.Skip();
    }
}
