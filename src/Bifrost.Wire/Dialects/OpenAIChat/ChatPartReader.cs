using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Reads one part of a message's content.</summary>
internal static class ChatPartReader
{
    /// <returns>Null when the part is wrong, which is then a mistake.</returns>
    public static Block? Read(Fields part, JsonElement json) =>
        part.Text("type", required: true) switch
        {
            null => null,
            "text" => part.Text("text", required: true) is { } text ? new TextBlock(text) : null,
            "refusal" => part.Text("refusal", required: true) is { } refusal ? new RefusalBlock(refusal) : null,
            "image_url" => Image(part),
            "input_audio" => Inner(part, "input_audio") is { } audio ? MediaFields.Audio(audio) : null,
            "file" => Inner(part, "file") is { } file ? MediaFields.File(file) : null,
            _ => new ForeignBlock(OpenAIChatDialect.DialectName, json),
        };

    private static ImageBlock? Image(Fields part)
    {
        // A bare string is not documented, but is what many callers send.
        if (part.Any("image_url") is { ValueKind: JsonValueKind.String } bare)
        {
            return MediaFields.Url(part, "image_url", bare.GetString()!) is { } source ? new ImageBlock(source) : null;
        }

        if (Inner(part, "image_url") is not { } image)
        {
            return null;
        }

        var detail = image.OneOf("detail", "auto", "low", "high");
        return image.Text("url", required: true) is { } url && MediaFields.Url(image, "url", url) is { } found
            ? new ImageBlock(found, detail)
            : null;
    }

    private static Fields? Inner(Fields part, string name)
    {
        if (!part.Has(name))
        {
            part.Mistake(name, $"`{part.PathOf(name)}` is required.", "missing_required_parameter");
            return null;
        }

        return part.Object(name) is { } json ? part.Within(json, name) : null;
    }
}
