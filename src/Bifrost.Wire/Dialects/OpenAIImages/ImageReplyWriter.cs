using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIImages;

internal static class ImageReplyWriter
{
    public static void Write(ImageReply reply, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteNumber("created"u8, reply.CreatedAt.ToUnixTimeSeconds());
        json.WriteStartArray("data"u8);
        foreach (var picture in reply.Pictures)
        {
            json.WriteStartObject();
            WriteSource(json, picture);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteIfSet("background"u8, reply.Background);
        json.WriteIfSet("output_format"u8, reply.OutputFormat);
        json.WriteIfSet("quality"u8, reply.Quality);
        json.WriteIfSet("size"u8, reply.Size);
        ImageUsage.Write(json, reply.Usage);
        json.WriteEndObject();
    }

    /// <summary>The members that hold the picture itself.</summary>
    public static void WriteSource(Utf8JsonWriter json, Picture picture)
    {
        json.WriteIfSet("url"u8, picture.Url);
        if (picture.Bytes is { } bytes)
        {
            json.WriteBase64String("b64_json"u8, bytes.Span);
        }

        json.WriteIfSet("revised_prompt"u8, picture.RevisedPrompt);
    }
}
