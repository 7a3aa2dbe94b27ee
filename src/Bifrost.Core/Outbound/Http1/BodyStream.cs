using System.Buffers.Text;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>The body of an answer. Reading nothing waits until there is something, without a buffer. At its end the connection goes back by itself; disposed
/// of before that, it is closed.</summary>
internal sealed class BodyStream : Stream
{
    private readonly Framing _framing;
    private readonly bool _keepAlive;
    private Connection? _connection;
    private CancellationToken _cancel;
    private CancellationTokenRegistration _ends;

    // Of the body, or of the chunk that is read. Of chunks: below zero, the line end behind a chunk has to come first.
    private long _left;
    private bool _ended;

    /// <param name="connection">Where it comes on.</param>
    /// <param name="framing">Where it ends.</param>
    /// <param name="keepAlive">The connection may be used again.</param>
    /// <param name="ends">Closes the connection when <paramref name="cancel"/> says so.</param>
    /// <param name="cancel">Whoever waits for the body.</param>
    public BodyStream(Connection connection, Framing framing, bool keepAlive, CancellationTokenRegistration ends, CancellationToken cancel)
    {
        _connection = connection;
        _framing = framing;
        _keepAlive = keepAlive && framing != Framing.UntilClose;
        _cancel = cancel;
        _ends = ends;
        _left = Math.Max(framing.Length, 0);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>There is no body: the connection is not kept from the next.</summary>
    public void EndIfEmpty()
    {
        if (_framing == Framing.Empty)
        {
            End();
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended)
        {
            return ValueTask.FromResult(0);
        }

        if (_connection is not { } connection)
        {
            return ValueTask.FromException<int>(new ObjectDisposedException(nameof(BodyStream)));
        }

        if (cancellationToken != _cancel)
        {
            _ends.Unregister();
            _cancel = cancellationToken;
            _ends = cancellationToken.UnsafeRegister(static connection => ((Connection)connection!).Abort(), connection);
        }

        try
        {
            if (TryTake(connection, buffer.Span, out var taken))
            {
                return ValueTask.FromResult(taken);
            }

            if (!buffer.IsEmpty && _framing != Framing.Chunked)
            {
                var most = _framing == Framing.UntilClose ? buffer.Length : (int)Math.Min(buffer.Length, _left);
                return CameAsync(connection.ReadAsync(buffer[..most]));
            }
        }
        catch (Exception failed)
        {
            return ValueTask.FromException<int>(Failed(failed));
        }

        return WaitAsync(connection, buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _connection is { } connection)
        {
            _connection = null;
            _ends.Unregister();
            connection.Close();
        }

        base.Dispose(disposing);
    }

    /// <summary>What needs no waiting: the end, or what has come already, of as many chunks as there are. With an empty buffer: whether there is
    /// something.</summary>
    private bool TryTake(Connection connection, Span<byte> to, out int taken)
    {
        taken = 0;
        while (_framing != Framing.Chunked || TryEnterChunk(connection))
        {
            if (_ended || (connection.HasBuffered && taken == to.Length))
            {
                return true;
            }

            if (!connection.HasBuffered)
            {
                return taken > 0;
            }

            var there = connection.Buffered;
            var some = Math.Min(there.Length, to.Length - taken);
            if (_framing != Framing.UntilClose)
            {
                some = (int)Math.Min(some, _left);
            }

            there[..some].CopyTo(to[taken..]);
            taken += some;
            connection.Take(some);
            Took(some);
        }

        return taken > 0;
    }

    /// <summary>Counts what was read, and sees whether the body ends with it: then the connection is free before its last bytes are passed on.</summary>
    private void Took(int count)
    {
        if (_framing == Framing.UntilClose)
        {
            return;
        }

        _left -= count;
        if (_left == 0 && _framing == Framing.Chunked)
        {
            _left = -1;
        }
        else if (_left == 0)
        {
            End();
        }
    }

    private int Came(int count)
    {
        if (count > 0)
        {
            Took(count);
            return count;
        }

        if (_framing != Framing.UntilClose)
        {
            throw Early();
        }

        // Closed by us, for whoever has left, looks like closed by the server.
        _cancel.ThrowIfCancellationRequested();
        End();
        return 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> CameAsync(ValueTask<int> read)
    {
        try
        {
            return Came(await read);
        }
        catch (Exception failed)
        {
            throw Failed(failed);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(Connection connection, Memory<byte> buffer)
    {
        try
        {
            while (true)
            {
                await connection.ReadableAsync();
                if (buffer.IsEmpty && _framing != Framing.Chunked)
                {
                    return 0;
                }

                // Chunks have their lengths between them and are read by way of a buffer.
                var count = await connection.ReadMoreAsync();
                if (count == 0)
                {
                    throw Early();
                }

                connection.Received(count);
                if (TryTake(connection, buffer.Span, out var taken))
                {
                    return taken;
                }
            }
        }
        catch (Exception failed)
        {
            throw Failed(failed);
        }
    }

    /// <summary>Reads what stands between chunks. False: more has to come. At the last one the body ends.</summary>
    private bool TryEnterChunk(Connection connection)
    {
        while (_left <= 0)
        {
            var line = connection.Buffered;
            var end = line.IndexOf((byte)'\n');
            if (end < 0)
            {
                return line.Length <= LongestLine ? false : throw Invalid();
            }

            line = line[..end].TrimEnd((byte)'\r');
            if (_left < 0)
            {
                _left = line.IsEmpty ? 0 : throw Invalid();
                connection.Take(end + 1);
                continue;
            }

            if (_trailing)
            {
                // Trailers are nobody's; the empty line is the end.
                var isLast = line.IsEmpty;
                connection.Take(end + 1);
                if (isLast)
                {
                    End();
                    return true;
                }

                continue;
            }

            if (!Utf8Parser.TryParse(line, out long size, out var digits, 'x') || size < 0 || !IsExtension(line[digits..]))
            {
                throw Invalid();
            }

            connection.Take(end + 1);
            _left = size;
            _trailing = size == 0;
        }

        return true;
    }

    private const int LongestLine = 4096;
    private bool _trailing;

    private static bool IsExtension(ReadOnlySpan<byte> rest) => rest.TrimStart(" \t"u8) is [] or [(byte)';', ..];

    private void End()
    {
        _ended = true;
        if (_connection is { } connection)
        {
            _connection = null;
            // An end that is under way would meet the next request.
            var untouched = _ends.Unregister() || !_cancel.CanBeCanceled;
            connection.End(_keepAlive && untouched);
        }
    }

    private static HttpIOException Early() =>
        new(HttpRequestError.ResponseEnded, "The server closed the connection before its answer was complete.");

    private static HttpIOException Invalid() =>
        new(HttpRequestError.InvalidResponse, "The chunks of the server's answer cannot be understood.");

    private Exception Failed(Exception failed)
    {
        _connection?.CloseAfterFailure();
        return _cancel.IsCancellationRequested ? new OperationCanceledException(failed.Message, failed, _cancel)
            : failed is ObjectDisposedException or SocketException ? new IOException(failed.Message, failed)
            : failed;
    }
}
