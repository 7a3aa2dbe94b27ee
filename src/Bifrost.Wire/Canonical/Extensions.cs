using System.Text.Json;

namespace Bifrost.Wire.Canonical;

/// <summary>Fields of a request that its dialect does not model, by name and in order of arrival.</summary>
public sealed class Extensions
{
    public static readonly Extensions None = new([]);

    private readonly IReadOnlyList<KeyValuePair<string, JsonElement>> _fields;

    public Extensions(IReadOnlyList<KeyValuePair<string, JsonElement>> fields) => _fields = fields;

    public IReadOnlyList<KeyValuePair<string, JsonElement>> Fields => _fields;

    public bool TryGet(string name, out JsonElement value)
    {
        foreach (var field in _fields)
        {
            if (field.Key == name)
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
