using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Reads one part of an item's content.</summary>
internal static class ResponsesPartReader
{
    /// <returns>Null when the part is wrong, which is then a mistake.</returns>
    public static Block? Read(Fields part, JsonElement json) =>
        part.Text("type", required: true) switch
        {
            null => null,
            "input_text" or "output_text" or "text" => part.Text("text", required: true) is { } text ? new TextBlock(text) : null,
            "refusal" => part.Text("refusal", required: true) is { } refusal ? new RefusalBlock(refusal) : null,
            "input_image" => Image(part),
            "input_file" => MediaFields.File(part),
            "input_audio" when part.Object("input_audio") is { } audio => MediaFields.Audio(part.Within(audio, "input_audio")),
            _ => new ForeignBlock(OpenAIResponsesDialect.DialectName, json),
        };

    private static ImageBlock? Image(Fields part)
    {
        var detail = part.OneOf("detail", "auto", "low", "high");
        if (part.Text("file_id") is { } id)
        {
            return new ImageBlock(new FileIdSource(id), detail);
        }

        return part.Text("image_url", required: true) is { } url && MediaFields.Url(part, "image_url", url) is { } source
            ? new ImageBlock(source, detail)
            : null;
    }
}
