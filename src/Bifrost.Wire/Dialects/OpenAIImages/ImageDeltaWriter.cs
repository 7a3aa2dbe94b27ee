using System.Buffers;
using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;
using Bifrost.Wire.Pictures;

namespace Bifrost.Wire.Dialects.OpenAIImages;

/// <summary>Image streams: events with names, no <c>[DONE]</c> at the end.</summary>
internal sealed class ImageDeltaWriter(string family, ImageRequest? asked) : IDeltaWriter<ImageDelta>
{
    public void Write(ImageDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case PartialPicture partial:
                WriteEvent($"{family}.partial_image", partial.Picture, partial.CreatedAt, partial.Index, null, output);
                break;
            case PictureFinished finished:
                WriteEvent($"{family}.completed", finished.Picture, finished.CreatedAt, null, finished.Usage, output);
                break;
            case PicturesFailed failed:
                OpenAIFaults.WriteErrorEvent(failed.Fault, output);
                break;
        }
    }

    public void Finish(IBufferWriter<byte> output) { }

    private void WriteEvent(string type, Picture picture, DateTimeOffset createdAt, int? index, Usage? usage, IBufferWriter<byte> output)
    {
        SseWriter.Name(Encoding.ASCII.GetBytes(type), output);
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            ImageReplyWriter.WriteSource(json, picture);
            json.WriteNumber("created_at"u8, createdAt.ToUnixTimeSeconds());

            // OpenAI's SDKs declare these four as always present; what was not asked for was left to the model.
            json.WriteString("size"u8, asked?.Size ?? "auto");
            json.WriteString("quality"u8, asked?.Quality ?? "auto");
            json.WriteString("background"u8, asked?.Background ?? "auto");
            json.WriteString("output_format"u8, FormatOf(picture) ?? asked?.OutputFormat ?? "png");
            json.WriteIfSet("partial_image_index"u8, (long?)index);
            ImageUsage.Write(json, usage);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }

    private static string? FormatOf(Picture picture) =>
        picture.Bytes is { } bytes && PictureFormat.Sniff(bytes.Span) is { } mediaType ? mediaType["image/".Length..] : null;
}
