using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Between <see cref="JsonElement"/>, <see cref="JsonNode"/> and plain values.</summary>
internal static class Nodes
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode Of(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(element)!,
            JsonValueKind.Array => JsonArray.Create(element)!,
            _ => JsonValue.Create(element)!,
        };

    /// <summary>False when some text within is broken UTF-16 (a lone surrogate in an escape), which nobody could read or write.</summary>
    public static bool IsSound(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return SchemaReader.Words(element) is not null;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (!IsSound(item))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (SchemaReader.NameOf(member) is null || !IsSound(member.Value))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }

    public static JsonNode Of(string text) => JsonValue.Create(text)!;

    /// <summary>Whole numbers without a fraction.</summary>
    public static JsonNode Of(double number) =>
        Math.Floor(number) == number && Math.Abs(number) < 9e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);

    /// <summary>The text of a string, else null.</summary>
    public static string? Text(JsonNode node) =>
        node is JsonValue value
            ? value.TryGetValue<JsonElement>(out var element)
                ? SchemaReader.Words(element)
                : value.TryGetValue<string>(out var text)
                    ? text
                    : null
            : null;

    public static bool TryNumber(JsonNode node, out double number)
    {
        number = 0;
        return node is JsonValue value
            && value.GetValueKind() == JsonValueKind.Number
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>A node's JSON in one line.</summary>
    public static string Raw(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Compact))
        {
            node.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>For a message: short, strings in quotes.</summary>
    public static string Show(JsonNode node)
    {
        var raw = Raw(node);
        return raw.Length <= 60 ? raw : $"{raw.AsSpan(0, 60)}…";
    }

    /// <summary>For a list of choices in a message.</summary>
    public static string Show(JsonElement element) => SchemaReader.Words(element) ?? element.GetRawText();
}
