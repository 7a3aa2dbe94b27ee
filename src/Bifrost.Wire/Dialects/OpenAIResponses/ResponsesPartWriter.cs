using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes one part of an item's content.</summary>
internal static class ResponsesPartWriter
{
    public static bool CanSay(Role role, Block block) =>
        block switch
        {
            TextBlock => true,
            RefusalBlock => role == Role.Assistant,
            ImageBlock or FileBlock => role != Role.Assistant,
            AudioBlock { Source: InlineSource } => role == Role.User,
            ForeignBlock { Dialect: OpenAIResponsesDialect.DialectName } => true,
            _ => false,
        };

    public static string NameOf(Block block) =>
        block switch
        {
            RefusalBlock => "refusal",
            ImageBlock => "image",
            AudioBlock => "audio",
            FileBlock => "file",
            _ => "content",
        };

    public static void Write(Role role, Block block, Utf8JsonWriter json)
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
                json.WriteString("type"u8, role == Role.Assistant ? "output_text"u8 : "input_text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalBlock refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                break;
            case ImageBlock image:
                json.WriteString("type"u8, "input_image"u8);
                WriteSource("image_url"u8, "image_url"u8, image.Source, json);
                json.WriteIfSet("detail"u8, image.Detail);
                break;
            case AudioBlock { Source: InlineSource source } audio:
                ChatPartWriter.WriteAudio(audio, source, json);
                break;
            case FileBlock file:
                json.WriteString("type"u8, "input_file"u8);
                json.WriteIfSet("filename"u8, file.FileName);
                WriteSource("file_url"u8, "file_data"u8, file.Source, json);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>The member <c>summary</c> of a reasoning item.</summary>
    public static void WriteSummary(string text, Utf8JsonWriter json)
    {
        json.WriteStartArray("summary"u8);
        if (text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSource(ReadOnlySpan<byte> urlName, ReadOnlySpan<byte> dataName, MediaSource source, Utf8JsonWriter json)
    {
        switch (source)
        {
            case UrlSource url:
                json.WriteString(urlName, url.Url);
                break;
            case InlineSource inline:
                json.WriteString(dataName, DataUrl.Write(inline));
                break;
            case FileIdSource id:
                json.WriteString("file_id"u8, id.FileId);
                break;
        }
    }
}
