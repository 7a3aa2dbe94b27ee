using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>Writes requests. A stream to contents, which write themselves into it: what is small goes out together with the headers, in one piece.</summary>
internal sealed class RequestWriter(Stream to) : Stream
{
    private const int RoomBytes = 4096;
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n\0");

    private byte[] _room = [];
    private int _used;
    private bool _chunked;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public async ValueTask SendAsync(HttpRequestMessage request, string host)
    {
        _room = ArrayPool<byte>.Shared.Rent(RoomBytes);
        try
        {
            var content = request.Content;
            var length = content?.Headers.ContentLength;
            _chunked = false;
            WriteHead(request, content, host, length);
            if (content is not null && length != 0)
            {
                _chunked = length is null;
                await content.CopyToAsync(this);
                if (_chunked)
                {
                    _chunked = false;
                    Add("0\r\n\r\n"u8);
                }
            }

            if (_used > 0)
            {
                await to.WriteAsync(_room.AsMemory(0, _used));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_room);
            (_room, _used) = ([], 0);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_chunked && buffer.Length <= _room.Length - _used)
        {
            buffer.Span.CopyTo(_room.AsSpan(_used));
            _used += buffer.Length;
            return ValueTask.CompletedTask;
        }

        return buffer.IsEmpty ? ValueTask.CompletedTask : WriteThroughAsync(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_chunked)
        {
            Add(Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)));
            Add("\r\n"u8);
        }

        await to.WriteAsync(_room.AsMemory(0, _used));
        _used = 0;
        await to.WriteAsync(bytes);
        if (_chunked)
        {
            Add("\r\n"u8);
        }
    }

    private void WriteHead(HttpRequestMessage request, HttpContent? content, string host, long? length)
    {
        Add(request.Method.Method);
        Add(" "u8);
        Add(request.RequestUri!.PathAndQuery);
        Add(" HTTP/1.1\r\nHost: "u8);
        Add(request.Headers.Host ?? host);
        Add("\r\n"u8);
        Add(request.Headers.NonValidated);
        if (content is not null)
        {
            Add(content.Headers.NonValidated);
            if (length is null)
            {
                Add("Transfer-Encoding: chunked\r\n"u8);
            }
        }
        else if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && request.Method != HttpMethod.Delete)
        {
            Add("Content-Length: 0\r\n"u8);
        }

        Add("\r\n"u8);
    }

    private void Add(HttpHeadersNonValidated headers)
    {
        foreach (var header in headers)
        {
            if (header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            Add(header.Key);
            Add(": "u8);
            var first = true;
            foreach (var value in header.Value)
            {
                if (!first)
                {
                    Add(", "u8);
                }

                first = false;
                Add(value);
            }

            Add("\r\n"u8);
        }
    }

    private void Add(string text)
    {
        var span = text.AsSpan();
        if (span.ContainsAny(LineEnds))
        {
            throw new HttpRequestException("A header of the request holds a line end.");
        }

        Room(text.Length);
        if (Ascii.FromUtf16(span, _room.AsSpan(_used), out var written) != OperationStatus.Done)
        {
            throw new HttpRequestException("Request headers must contain only ASCII characters.");
        }

        _used += written;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_room.AsSpan(_used));
        _used += bytes.Length;
    }

    private void Room(int more)
    {
        if (_room.Length - _used >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_room.Length * 2, _used + more));
        _room.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_room);
        _room = larger;
    }
}
