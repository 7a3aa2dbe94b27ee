using System.IO.Compression;
using Bifrost.Observability.RequestLog;
using Bifrost.Storage.Logs.Queries;

namespace Bifrost.Storage.Logs;

/// <summary>Contents as they are stored. Packed with Brotli at its lowest quality: Zstandard is not in the base library of this .NET, and higher qualities of
/// Brotli cost several times the time for a few percent.</summary>
internal static class LogPayloads
{
    public const int IsTruncated = 1;
    private const int IsPacked = 2;
    private const int Quality = 1;
    private const int Window = 20;

    // An index of words is not a copy of the text; and PostgreSQL's has a limit of a megabyte.
    private const int MostSearchText = 200_000;

    public static (long Key, int Flags, byte[] Body, string Words) Pack(long key, LogPayload payload)
    {
        var plain = new ByteWriter();
        plain.Number(payload.Request.Length);
        plain.Bytes(payload.Request.Span);
        plain.Bytes(payload.Response.Span);
        var flags = payload.Truncated ? IsTruncated : 0;
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        byte[] body;
        if (BrotliEncoder.TryCompress(plain.Written, packed, out var length, Quality, Window) && length < plain.Length)
        {
            flags |= IsPacked;
            var head = new ByteWriter();
            head.Number(plain.Length);
            body = [.. head.Written, .. packed.AsSpan(0, length)];
        }
        else
        {
            body = plain.ToArray();
        }

        var text = payload.SearchText.Length > MostSearchText ? payload.SearchText[..MostSearchText] : payload.SearchText;
        return (key, flags, body, string.Join(' ', RowMatch.Split(text)));
    }

    public static LogPayload Unpack(StoredRow row, int flags, byte[] body)
    {
        var plain = body;
        if ((flags & IsPacked) != 0)
        {
            var head = new ByteReader(body);
            plain = new byte[head.Number()];
            if (!BrotliDecoder.TryDecompress(body.AsSpan(head.Position), plain, out var length) || length != plain.Length)
            {
                throw new InvalidOperationException($"The payload of {row.Id} is damaged.");
            }
        }

        var reader = new ByteReader(plain);
        var request = (int)reader.Number();
        // The words were for the index and are not kept.
        return new LogPayload(
            row.Id,
            row.At,
            plain.AsMemory(reader.Position, request),
            plain.AsMemory(reader.Position + request),
            "",
            (flags & IsTruncated) != 0
        );
    }
}
