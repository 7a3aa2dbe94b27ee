using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Json;

/// <summary>Opens a request body as one JSON object, or says precisely why it is none.</summary>
public static class JsonBody
{
    /// <summary>Levels of nesting that are read. Real requests stay under 20; tool schemas go deepest.</summary>
    public const int MaxDepth = 128;

    private const int SmallBytes = 64 << 10;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The elements point into <paramref name="body"/>, which must outlive them.</summary>
    public static Outcome<JsonElement> ReadObject(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return Fault.Invalid("The request body is empty. Send a JSON object.", code: "invalid_json");
        }

        if (!Utf8.IsValid(body.Span))
        {
            return Fault.Invalid("The request body is not valid UTF-8.", code: "invalid_json");
        }

        if (LoneSurrogates.Find(body.Span) is >= 0 and var half)
        {
            return Fault.Invalid($"The request body holds half of a surrogate pair at byte {half + 1}.", code: "invalid_json");
        }

        try
        {
            // Nobody disposes of the elements' document. A small one is copied out of the pools at once; of a large one the copy would cost
            // more than the array of the pool that goes with it.
            var root = body.Length <= SmallBytes ? JsonElement.Parse(body.Span, Options) : JsonDocument.Parse(body, Options).RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? root
                : Fault.Invalid($"The request body must be a JSON object, not {Describe(root.ValueKind)}.", code: "invalid_json");
        }
        catch (JsonException broken)
        {
            return Fault.Invalid($"The request body is not valid JSON: {Reason(broken)}", code: "invalid_json");
        }
    }

    /// <summary>"a string", "an array", … for messages.</summary>
    public static string Describe(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            JsonValueKind.Null => "null",
            _ => "nothing",
        };

    /// <summary>The framework's message with line and position counted from 1, without its internal path.</summary>
    internal static string Reason(JsonException broken)
    {
        var text = broken.Message;
        var cut = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        text = cut > 0 ? text[..cut] : text;
        return broken is { LineNumber: { } line, BytePositionInLine: { } position }
            ? $"{text} (line {line + 1}, byte {position + 1})"
            : text;
    }
}
