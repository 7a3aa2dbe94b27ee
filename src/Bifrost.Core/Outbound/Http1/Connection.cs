using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>One connection: a request goes out, an answer comes in, one after the other. It holds a buffer only while there is something in it. Used by one
/// request at a time; <see cref="Abort"/> may be called by anybody.</summary>
internal sealed class Connection(ConnectionPool pool, Stream stream, long madeAt)
{
    private const int BlockBytes = 4096;

    private readonly HeadReader _head = new();
    private RequestWriter? _writer;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private ValueTask<int> _ahead;
    private bool _isAhead;
    private bool _isFilling;
    private bool _reused;
    private bool _heard;
    private int _aborted;

    public long MadeAt => madeAt;

    public long IdleSince { get; set; }

    /// <summary>It is one of those that a limit counts.</summary>
    public bool TakesRoom { get; set; }

    /// <summary>Used before, and nothing has come back on it for this request.</summary>
    public bool IsStale => _reused && !_heard;

    /// <summary>What has come and is not taken.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    public bool HasBuffered => _end > _start;

    /// <summary>Waits for the next answer before its request is sent: what can be read now is the server's goodbye. False: it is of no use any more.</summary>
    public bool TryReuse()
    {
        try
        {
#pragma warning disable CA2012 // It is awaited once: by the request that is sent now.
            _ahead = stream.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2012
            _isAhead = !_ahead.IsCompleted;
            _reused = true;
            _heard = false;
            if (!_isAhead)
            {
                _ = _ahead.AsTask();
            }

            return _isAhead;
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    public ValueTask SendAsync(HttpRequestMessage request)
    {
        _writer ??= new RequestWriter(stream);
        return _writer.SendAsync(request, pool.HostHeader);
    }

    /// <summary>Returns when something can be read, without a buffer.</summary>
    public ValueTask<int> ReadableAsync()
    {
        if (_isAhead)
        {
            _isAhead = false;
            return _ahead;
        }

        return stream.ReadAsync(Memory<byte>.Empty);
    }

    /// <summary>Reads into the buffer; what came is told to <see cref="Received"/>.</summary>
    public ValueTask<int> ReadMoreAsync()
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BlockBytes);
        if (_start > 0 && _start == _end)
        {
            (_start, _end) = (0, 0);
        }

        if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        _isFilling = true;
        return stream.ReadAsync(_buffer.AsMemory(_end));
    }

    /// <exception cref="IOException">Nothing: the server has closed the connection.</exception>
    public void Received(int count)
    {
        _isFilling = false;
        if (count == 0)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The server closed the connection before its answer was complete.");
        }

        _end += count;
        _heard = true;
    }

    /// <summary>False: more has to come.</summary>
    public bool TryReadHead(HttpRequestMessage request, [NotNullWhen(true)] out HttpResponseMessage? response)
    {
        response = null;
        return HasBuffered && _head.TryRead(this, request, out response);
    }

    /// <summary>Gives the response its body, which comes on this connection.</summary>
    public void Begin(HttpResponseMessage response, CancellationTokenRegistration ends, CancellationToken cancel)
    {
        var body = new BodyStream(this, _head.Framing, _head.KeepAlive, ends, cancel);
        ((BodyContent)response.Content).Open(body);
        body.EndIfEmpty();
    }

    /// <summary>Straight into the reader's own memory.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> to) => stream.ReadAsync(to);

    public void Take(int count)
    {
        _start += count;
        if (_start == _end)
        {
            ForgetBuffer();
        }
    }

    /// <summary>The answer has ended.</summary>
    public void End(bool keep)
    {
        if (keep && !HasBuffered && Volatile.Read(ref _aborted) == 0)
        {
            pool.Keep(this);
        }
        else
        {
            Close();
        }
    }

    /// <summary>Closes it, by whoever used it. A buffer that is being read into is left to the collector.</summary>
    public void Close()
    {
        Abort();
        if (!_isFilling)
        {
            ForgetBuffer();
        }
    }

    /// <summary>As <see cref="Close"/>, when the last reading is over.</summary>
    public void CloseAfterFailure()
    {
        _isFilling = false;
        Close();
    }

    /// <summary>Closes it; whoever waits for it fails. Any thread.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
        {
            stream.Dispose();
            pool.LetNextIn(this);
        }
    }

    private void ForgetBuffer()
    {
        (_start, _end) = (0, 0);
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void MakeRoom()
    {
        var buffer = _buffer!;
        if (_start > 0)
        {
            Buffer.BlockCopy(buffer, _start, buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
            return;
        }

        if (buffer.Length >= HeadReader.MaxBytes)
        {
            throw new HttpRequestException(
                HttpRequestError.ConfigurationLimitExceeded,
                $"The headers of the answer are longer than {HeadReader.MaxBytes / 1024} KiB."
            );
        }

        _buffer = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        Buffer.BlockCopy(buffer, 0, _buffer, 0, _end);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
