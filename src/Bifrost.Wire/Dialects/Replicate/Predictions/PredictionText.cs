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
                var text = new StringBuilder();
                foreach (var piece in value.EnumerateArray())
                {
                    text.Append(Join(piece));
                }

                return text.ToString();
            case JsonValueKind.Object:
                return Within(value, "text") ?? Within(value, "output") ?? value.GetRawText();
            case JsonValueKind.Null:
            case JsonValueKind.Undefined:
                return "";
            default:
                return value.GetRawText();
        }
    }

    private static string? Within(JsonElement value, string name) => SchemaReader.Member(value, name, out var inner) ? Join(inner) : null;
}
