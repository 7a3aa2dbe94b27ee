using Bifrost.Wire.Canonical;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Base64 data URLs (RFC 2397).</summary>
internal static class DataUrl
{
    private const string Scheme = "data:";
    private const string Marker = ";base64";

    public static bool IsDataUrl(string url) => url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <returns>What is wrong with it, or null.</returns>
    public static string? Read(string url, string? fileName, out InlineSource? source)
    {
        source = null;
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            return "is a data URL without a comma; write data:<media type>;base64,<data>";
        }

        var head = url[Scheme.Length..comma];
        if (!head.EndsWith(Marker, StringComparison.OrdinalIgnoreCase))
        {
            return "is a data URL without `;base64`; write data:<media type>;base64,<data>";
        }

        var mediaType = head[..^Marker.Length];
        if (!TryDecode(url.AsSpan(comma + 1), out var bytes))
        {
            return "is a data URL whose data is not valid base64";
        }

        source = new InlineSource(bytes, mediaType.Length == 0 ? "text/plain" : mediaType, fileName);
        return null;
    }

    public static string Write(InlineSource source) =>
        string.Concat(Scheme, source.MediaType, Marker, string.Concat(",", Convert.ToBase64String(source.Bytes.Span)));

    public static bool TryDecode(ReadOnlySpan<char> text, out ReadOnlyMemory<byte> bytes)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        var decoded = Convert.TryFromBase64Chars(text, buffer, out var length);
        bytes = buffer.AsMemory(0, length);
        return decoded;
    }
}
