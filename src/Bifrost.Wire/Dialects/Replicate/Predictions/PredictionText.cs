using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>The text in a prediction's output.</summary>
public static class PredictionText
{
    /// <summary>A string as it is; a list joined with nothing in between; an object's <c>text</c>, else its <c>output</c>, else its JSON;
    /// any other value in its JSON spelling; nothing for null.</summary>
    public static string Join(JsonElement? output)
    {
        if (output is not { } value)
        {
            return "";
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return SchemaReader.Words(value) ?? "";
            case JsonValueKind.Array:
                return JoinAll(value);
            case JsonValueKind.Object:
                return Within(value, "text") ?? Within(value, "output") ?? value.GetRawText();
            case JsonValueKind.Null:
            case JsonValueKind.Undefined:
                return "";
            default:
                return value.GetRawText();
        }
    }

    private static string JoinAll(JsonElement pieces)
    {
        // Hundreds of tokens: what has no escapes is not made a string of its own.
        var text = new StringBuilder(JsonMarshal.GetRawUtf8Value(pieces).Length);
        Span<char> place = stackalloc char[256];
        foreach (var piece in pieces.EnumerateArray())
        {
            var raw = JsonMarshal.GetRawUtf8Value(piece);
            if (piece.ValueKind == JsonValueKind.String && raw.Length <= place.Length && !raw.Contains((byte)'\\'))
            {
                text.Append(place[..Encoding.UTF8.GetChars(raw[1..^1], place)]);
            }
            else
            {
                text.Append(Join(piece));
            }
        }

        return text.ToString();
    }

    private static string? Within(JsonElement value, string name) => SchemaReader.Member(value, name, out var inner) ? Join(inner) : null;
}
