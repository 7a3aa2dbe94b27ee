using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;
using Bifrost.Wire.Pictures;

namespace Bifrost.Wire.Dialects;

/// <summary>Reads pictures as OpenAI callers name them: a URL, a data URL, bare base64, <c>{"image_url": …}</c>, <c>{"file_id": …}</c>, or a part of a form.</summary>
internal static class PictureFields
{
    private const string Wanted = "an http(s) URL, a data URL, or an object with `image_url` or `file_id`";

    /// <summary>One picture; null after a mistake was noted.</summary>
    public static MediaSource? Read(Fields fields, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return ReadText(fields, name, value.GetString()!);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.WrongType(name, value, Wanted);
            return null;
        }

        var within = fields.Within(value, name);
        if (within.Any("image_url") is { } address)
        {
            return address.ValueKind == JsonValueKind.Object ? ReadUrlObject(within.Within(address, "image_url"))
                : within.Text("image_url") is { } url ? ReadText(within, "image_url", url)
                : null;
        }

        if (within.Has("file_id"))
        {
            return within.Text("file_id", allowEmpty: false) is { } id ? new FileIdSource(id) : null;
        }

        fields.Mistake(name, $"`{fields.PathOf(name)}` must be {Wanted}.", "invalid_value");
        return null;
    }

    /// <summary>One picture or an array of them, appended in order.</summary>
    public static void ReadMany(Fields fields, string name, List<MediaSource> sources)
    {
        if (fields.Any(name) is not { } value)
        {
            return;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Keep(Read(fields, name, value), sources);
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            Keep(Read(fields, $"{name}[{index++}]", item), sources);
        }
    }

    /// <summary>The content of a file part. A picture sent without a telling content type is told by its first bytes.</summary>
    public static InlineSource FromPart(MultipartForm form, MultipartPart part)
    {
        var content = form.Content(part);
        var declared =
            part.ContentType is { } type && !type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) ? type : null;
        return new InlineSource(content, declared ?? PictureFormat.Sniff(content.Span) ?? "application/octet-stream", part.BareFileName);
    }

    private static MediaSource? ReadUrlObject(Fields address) =>
        address.Text("url", required: true) is { } url ? ReadText(address, "url", url) : null;

    private static MediaSource? ReadText(Fields fields, string name, string text)
    {
        if (!DataUrl.IsDataUrl(text) && DataUrl.TryDecode(text, out var bytes) && PictureFormat.Sniff(bytes.Span) is { } mediaType)
        {
            return new InlineSource(bytes, mediaType);
        }

        var source = MediaFields.Url(fields, name, text);
        if (source is InlineSource { Bytes.IsEmpty: true })
        {
            fields.Mistake(name, $"`{fields.PathOf(name)}` is an empty data URL.", "invalid_value");
        }

        return source;
    }

    private static void Keep(MediaSource? source, List<MediaSource> sources)
    {
        if (source is not null)
        {
            sources.Add(source);
        }
    }
}
