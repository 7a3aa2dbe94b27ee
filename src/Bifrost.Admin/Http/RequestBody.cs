using System.IO.Compression;
using System.Text.Json;
using Bifrost.Admin.Bodies;
using Bifrost.Core.World;

namespace Bifrost.Admin.Http;

/// <summary>Reads a body: its type, its packing, its size, its JSON, and then what is in it.</summary>
internal static class RequestBody
{
    /// <summary>Bytes, unpacked. Nothing an operator sets is anywhere near as long.</summary>
    public const int Longest = 4 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>Either the body or the refusal.</summary>
    public static async Task<(Body Body, Reply? Refusal)> ReadAsync(HttpContext http, Route route, CancellationToken cancel)
    {
        if (route.Body is not { } shape)
        {
            return (Body.Empty, null);
        }

        if (await BytesAsync(http.Request, cancel) is not { } bytes)
        {
            return (Body.Empty, Reply.Refused(413, $"The body is larger than {Longest >> 20} MiB."));
        }

        if (bytes.Length == 0)
        {
            return route.BodyOptional ? (Body.Empty, null) : (Body.Empty, Reply.Bad("body", "is empty. Send a JSON object."));
        }

        if (!IsJson(http.Request.ContentType))
        {
            return (Body.Empty, Reply.Refused(415, "The body must be JSON. Send it with `Content-Type: application/json`."));
        }

        var mistakes = new List<Mistake>();
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            if (shape.IsFree)
            {
                return (new Body("", new Dictionary<string, object?>()) { Root = document.RootElement.Clone() }, null);
            }

            var body = new BodyCheck(mistakes).Read(document.RootElement, shape);
            return mistakes.Count == 0 ? (body, null) : (Body.Empty, Reply.Bad(mistakes));
        }
        catch (JsonException broken)
        {
            var place = $"line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}";
            return (Body.Empty, Reply.Bad("body", $"is not valid JSON ({place})."));
        }
    }

    /// <summary>Null: longer than allowed.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BytesAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > Longest)
        {
            return null;
        }

        await using var source = Unpacked(request);
        using var bytes = new MemoryStream();
        var part = new byte[16 << 10];
        while (await source.ReadAsync(part, cancel) is var count and > 0)
        {
            if (bytes.Length + count > Longest)
            {
                return null;
            }

            await bytes.WriteAsync(part.AsMemory(0, count), cancel);
        }

        return bytes.ToArray();
    }

    /// <summary>Whether the packing is one we know.</summary>
    public static bool KnowsPacking(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().ToLowerInvariant() is "" or "identity" or "gzip" or "deflate" or "br";

    private static Stream Unpacked(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            _ => request.Body,
        };

    private static bool IsJson(string? type) =>
        type?.Split(';')[0].Trim() is { } media
        && (
            media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        );
}
