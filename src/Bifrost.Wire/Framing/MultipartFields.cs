using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Framing;

/// <summary>Makes one JSON object of the plain fields of a form, so that one reader serves both ways to send a request.</summary>
/// <remarks>OpenAI's SDKs write <c>name[]</c> for each entry of an array and <c>name[key]</c> for each member of an object; a repeated plain
/// name is read as an array too. A form has no types: what looks like a JSON number, boolean, object or array becomes one, unless the dialect
/// knows the field as text.</remarks>
internal static class MultipartFields
{
    private static readonly JsonDocumentOptions Within = new() { MaxDepth = JsonBody.MaxDepth - 2, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Whole = new() { MaxDepth = JsonBody.MaxDepth };

    public static Outcome<JsonElement> ToJson(MultipartForm form, params ReadOnlySpan<string> textNames)
    {
        var root = new JsonObject();
        foreach (var part in form.Parts)
        {
            if (part.IsFile)
            {
                continue;
            }

            var (name, key) = SplitName(part.Name);
            if (!form.TryText(part, out var text))
            {
                return Fault.Invalid($"The form field `{MultipartForm.Clip(name)}` is not valid UTF-8.", name, "invalid_multipart");
            }

            if (!Add(root, name, key, textNames.IndexOf(name) >= 0 ? JsonValue.Create(text) : Guess(text, form.Content(part).Span)))
            {
                return Fault.Invalid($"The form field `{MultipartForm.Clip(name)}` is sent in two ways that do not fit.", name);
            }
        }

        var bytes = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            root.WriteTo(writer);
        }

        return JsonElement.Parse(bytes.WrittenSpan, Whole);
    }

    /// <summary>The name without brackets; the key is null for a plain field and empty for an entry of an array.</summary>
    public static (string Name, string? Key) SplitName(string name)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        if (open <= 0 || name.IndexOf(']', open) != name.Length - 1)
        {
            return (name, null);
        }

        var key = name[(open + 1)..^1];
        return (name[..open], int.TryParse(key, out _) ? "" : key);
    }

    private static bool Add(JsonObject root, string name, string? key, JsonNode? value)
    {
        root.TryGetPropertyValue(name, out var found);
        switch (key, found)
        {
            case (null, null):
                root[name] = value;
                return true;
            case ("", null):
                root[name] = new JsonArray(value);
                return true;
            case ({ Length: > 0 }, null):
                root[name] = new JsonObject { [key] = value };
                return true;
            case (null or "", JsonArray entries):
                entries.Add(value);
                return true;
            case (null, JsonValue):
                root[name] = new JsonArray(found.DeepClone(), value);
                return true;
            case ({ Length: > 0 }, JsonObject members):
                return members.TryAdd(key, value);
            default:
                return false;
        }
    }

    private static JsonNode? Guess(string text, ReadOnlySpan<byte> bytes)
    {
        var looksTyped = text.Length > 0 && (text[0] is '{' or '[' or '-' or (>= '0' and <= '9') || text is "true" or "false");
        try
        {
            // Half a surrogate pair is legal in JSON's grammar, but no string can be made of it.
            return looksTyped && LoneSurrogates.Find(bytes) < 0 ? JsonNode.Parse(text, documentOptions: Within) : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
