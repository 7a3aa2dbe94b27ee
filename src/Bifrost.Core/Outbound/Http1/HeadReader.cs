using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>Where a body ends: after so many bytes, or as <see cref="Chunked"/> or <see cref="UntilClose"/> say.</summary>
internal readonly record struct Framing(long Length)
{
    public static readonly Framing Chunked = new(-1);
    public static readonly Framing UntilClose = new(-2);
    public static readonly Framing Empty = new(0);
}

/// <summary>Reads the head of an answer. Remembers the last one: a server says nearly the same each time, and what is the same again needs no new text.</summary>
internal sealed class HeadReader
{
    /// <summary>A head may be as long.</summary>
    public const int MaxBytes = 64 << 10;

    private const int Remembered = 32;

    private readonly List<(string Name, string Value)> _before = [];
    private int _at;

    /// <summary>Of the head that was read last.</summary>
    public Framing Framing { get; private set; }

    /// <summary>The connection may be used again after the body.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>False: the head is not complete.</summary>
    /// <exception cref="HttpRequestException">It is no HTTP.</exception>
    public bool TryRead(Connection from, HttpRequestMessage request, [NotNullWhen(true)] out HttpResponseMessage? response)
    {
        response = null;
        while (EndOf(from.Buffered) is var length and > 0)
        {
            var head = from.Buffered[..length];
            var status = StatusOf(head);
            if (status is >= 100 and < 200 and not 101)
            {
                // Not the answer yet.
                from.Take(length);
                continue;
            }

            response = Read(head, (HttpStatusCode)status, request);
            from.Take(length);
            return true;
        }

        return false;
    }

    /// <summary>Behind the empty line; 0: it has not come.</summary>
    private static int EndOf(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end >= 0)
        {
            return end + 4;
        }

        end = bytes.IndexOf("\n\n"u8);
        return end >= 0 ? end + 2 : 0;
    }

    private static int StatusOf(ReadOnlySpan<byte> head)
    {
        // HTTP/1.1 200
        if (
            head.Length < 13
            || !head.StartsWith("HTTP/1."u8)
            || head[8] != ' '
            || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out var read)
            || read != 3
            || status < 100
            || head[12] is not ((byte)' ' or (byte)'\r' or (byte)'\n')
        )
        {
            throw Invalid("it does not begin with a status line of HTTP/1");
        }

        return status;
    }

    private HttpResponseMessage Read(ReadOnlySpan<byte> head, HttpStatusCode status, HttpRequestMessage request)
    {
        var content = new BodyContent();
        var response = new HttpResponseMessage(status) { Content = content, RequestMessage = request };
        KeepAlive = head[7] >= '1';
        long? length = null;
        var chunked = false;
        _at = 0;
        var lines = head[(head.IndexOf((byte)'\n') + 1)..];
        while (true)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = lines[..end].TrimEnd((byte)'\r');
            lines = lines[(end + 1)..];
            if (line.IsEmpty)
            {
                break;
            }

            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                throw Invalid("one of its headers has no name");
            }

            var (name, value) = Next(line[..colon].TrimEnd((byte)' '), line[(colon + 1)..].Trim(" \t"u8));
            var ofContent = IsOfContent(name);
            if (!(ofContent ? content.Headers.TryAddWithoutValidation(name, value) : response.Headers.TryAddWithoutValidation(name, value)))
            {
                throw Invalid("one of its headers has a name that none can have");
            }

            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                length = LengthOf(value, length);
            }
            else if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                chunked = value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
            }
            else if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                KeepAlive = KeepAlive
                    ? !value.Contains("close", StringComparison.OrdinalIgnoreCase)
                    : value.Contains("keep-alive", StringComparison.OrdinalIgnoreCase);
            }
        }

        if (chunked && length is not null)
        {
            // It counts for nothing (RFC 9112, 6.3), and must not be passed on.
            content.Headers.ContentLength = null;
        }

        Framing =
            request.Method == HttpMethod.Head || status is HttpStatusCode.NoContent or HttpStatusCode.NotModified ? Framing.Empty
            : chunked ? Framing.Chunked
            : length is { } known ? new Framing(known)
            : Framing.UntilClose;
        return response;
    }

    /// <summary>The header as texts: those of the last answer, where they are the same.</summary>
    private (string Name, string Value) Next(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var at = _at++;
        if (at < _before.Count)
        {
            var before = _before[at];
            var header = (
                Ascii.Equals(name, before.Name) ? before.Name : Encoding.Latin1.GetString(name),
                Ascii.Equals(value, before.Value) ? before.Value : Encoding.Latin1.GetString(value)
            );
            _before[at] = header;
            return header;
        }

        var fresh = (Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value));
        if (at < Remembered)
        {
            _before.Add(fresh);
        }

        return fresh;
    }

    private static bool IsOfContent(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            ? !name.StartsWith("Content-Security-", StringComparison.OrdinalIgnoreCase)
            : name.Equals("Expires", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Last-Modified", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Allow", StringComparison.OrdinalIgnoreCase);

    private static long LengthOf(string value, long? before) =>
        long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length)
        && (before is null || before == length)
            ? length
            : throw Invalid($"its length is {value}");

    private static HttpRequestException Invalid(string what) =>
        new(HttpRequestError.InvalidResponse, $"The server's answer cannot be understood: {what}.");
}
