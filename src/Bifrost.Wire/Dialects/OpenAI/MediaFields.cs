using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Reads pictures, sounds and files out of request members; whatever is wrong becomes a mistake that names the member.</summary>
internal static class MediaFields
{
    /// <summary>An http(s) or data URL.</summary>
    public static MediaSource? Url(Fields fields, string name, string url, string? fileName = null)
    {
        if (DataUrl.IsDataUrl(url))
        {
            if (DataUrl.Read(url, fileName, out var source) is { } problem)
            {
                fields.Mistake(name, $"`{fields.PathOf(name)}` {problem}.", "invalid_value");
            }

            return source;
        }

        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return new UrlSource(url);
        }

        fields.Mistake(name, $"`{fields.PathOf(name)}` must be an http, https or base64 data URL.", "invalid_value");
        return null;
    }

    /// <summary>The members <c>data</c> and <c>format</c> of an <c>input_audio</c> object.</summary>
    public static AudioBlock? Audio(Fields fields)
    {
        var format = fields.Text("format");
        if (fields.Text("data", required: true) is not { } data)
        {
            return null;
        }

        var source = Base64(fields, "data", data, format is null or "mp3" ? "audio/mpeg" : $"audio/{format}", null);
        return source is null ? null : new AudioBlock(source, format);
    }

    /// <summary>The members <c>file_id</c>, <c>file_data</c>, <c>file_url</c> and <c>filename</c>.</summary>
    public static FileBlock? File(Fields fields)
    {
        var fileName = fields.Text("filename");
        if (fields.Text("file_id") is { } id)
        {
            return new FileBlock(new FileIdSource(id), fileName);
        }

        MediaSource? source = null;
        if (fields.Text("file_data") is { } data)
        {
            source = DataUrl.IsDataUrl(data)
                ? Url(fields, "file_data", data, fileName)
                : Base64(fields, "file_data", data, TypeOf(fileName), fileName);
        }
        else if (fields.Text("file_url") is { } url)
        {
            source = Url(fields, "file_url", url, fileName);
        }
        else
        {
            fields.Mistake(
                "file_id",
                $"One of `{fields.PathOf("file_id")}`, `{fields.PathOf("file_data")}` and `{fields.PathOf("file_url")}` is required.",
                "missing_required_parameter"
            );
        }

        return source is null ? null : new FileBlock(source, fileName);
    }

    private static InlineSource? Base64(Fields fields, string name, string data, string mediaType, string? fileName)
    {
        if (DataUrl.TryDecode(data, out var bytes))
        {
            return new InlineSource(bytes, mediaType, fileName);
        }

        fields.Mistake(name, $"`{fields.PathOf(name)}` is not valid base64.", "invalid_value");
        return null;
    }

    private static string TypeOf(string? fileName) =>
        fileName?.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) == true ? "application/pdf" : "application/octet-stream";
}
