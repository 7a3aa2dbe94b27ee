using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Writes one part of a message's content.</summary>
internal static class ChatPartWriter
{
    public static void Write(Block block, Utf8JsonWriter json)
    {
        if (block is ForeignBlock foreign)
        {
            foreign.Json.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        switch (block)
        {
            case TextBlock text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalBlock refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                break;
            case ImageBlock image:
                WriteImage(image, json);
                break;
            case AudioBlock { Source: InlineSource source } audio:
                WriteAudio(audio, source, json);
                break;
            case FileBlock file:
                WriteFile(file, json);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteImage(ImageBlock image, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, image.Source is InlineSource inline ? DataUrl.Write(inline) : (image.Source as UrlSource)?.Url);
        json.WriteIfSet("detail"u8, image.Detail);
        json.WriteEndObject();
    }

    internal static void WriteAudio(AudioBlock audio, InlineSource source, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WriteBase64String("data"u8, source.Bytes.Span);
        json.WriteString("format"u8, audio.Format ?? (source.MediaType.EndsWith("wav", StringComparison.Ordinal) ? "wav" : "mp3"));
        json.WriteEndObject();
    }

    private static void WriteFile(FileBlock file, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        if (file.Source is FileIdSource id)
        {
            json.WriteString("file_id"u8, id.FileId);
        }
        else if (file.Source is InlineSource inline)
        {
            json.WriteIfSet("filename"u8, file.FileName ?? inline.FileName);
            json.WriteString("file_data"u8, DataUrl.Write(inline));
        }

        json.WriteEndObject();
    }
}
