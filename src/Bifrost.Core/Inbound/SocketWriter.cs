using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Bifrost.Core.Inbound;

/// <summary>Sends what was written when it is flushed. Between two flushes it holds no memory.</summary>
internal sealed class SocketWriter(SocketConnection connection, Socket socket) : PipeWriter
{
    private const int FirstBytes = 4096;
    private const int MoreBytes = 64 << 10;

    private byte[]? _block;
    private int _used;
    private List<ArraySegment<byte>>? _full;
    private long _unflushed;
    private bool _gone;
    private bool _canceled;
    private volatile bool _sending;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(_used);

    public override Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(_used);

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)((_block?.Length ?? 0) - _used), nameof(bytes));
        _used += bytes;
        _unflushed += bytes;
    }

    /// <summary>Returns when the kernel has taken everything. A flush that is cancelled breaks the connection off, for nobody knows how much was sent.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_unflushed == 0 || _gone)
        {
            Forget();
            return ValueTask.FromResult(Flushed());
        }

        try
        {
            if (_full is not null)
            {
                return SentAsync(new ValueTask<int>(socket.SendAsync(Blocks(), SocketFlags.None)), cancellationToken);
            }

            // Without waiting, which is nearly always enough: what waits needs three hundred bytes for each connection.
            var sent = socket.Send(_block.AsSpan(0, _used), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock || (error == SocketError.Success && sent < _used))
            {
                return SentAsync(
                    socket.SendAsync(_block.AsMemory(sent, _used - sent), SocketFlags.None, CancellationToken.None),
                    cancellationToken
                );
            }

            if (error != SocketError.Success)
            {
                Lost();
            }
        }
        catch (ObjectDisposedException)
        {
            Lost();
        }

        Forget();
        return ValueTask.FromResult(Flushed());
    }

    /// <summary>There is no waiting for a flush to be cut short: it ends with the connection.</summary>
    public override void CancelPendingFlush() => _canceled = true;

    public override void Complete(Exception? exception = null)
    {
        _gone = true;
        if (!_sending)
        {
            Forget();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SentAsync(ValueTask<int> sending, CancellationToken cancel)
    {
        _sending = true;
        var ends = cancel.UnsafeRegister(
            static connection => ((SocketConnection)connection!).Abort(new ConnectionAbortedException("The flush was cancelled.")),
            connection
        );
        try
        {
            await sending;
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            Lost();
            cancel.ThrowIfCancellationRequested();
        }
        finally
        {
            ends.Unregister();
            Forget();
            _sending = false;
        }

        return Flushed();
    }

    private void Lost()
    {
        _gone = true;
        connection.TellLeft();
    }

    private FlushResult Flushed()
    {
        var canceled = _canceled;
        _canceled = false;
        return new FlushResult(canceled, _gone);
    }

    private byte[] Room(int atLeast)
    {
        if (_block is null)
        {
            _block = ArrayPool<byte>.Shared.Rent(Math.Max(atLeast, FirstBytes));
        }
        else if (_block.Length - _used < Math.Max(atLeast, 1))
        {
            (_full ??= []).Add(new ArraySegment<byte>(_block, 0, _used));
            (_block, _used) = (ArrayPool<byte>.Shared.Rent(Math.Max(atLeast, MoreBytes)), 0);
        }

        return _block;
    }

    private List<ArraySegment<byte>> Blocks()
    {
        _full!.Add(new ArraySegment<byte>(_block!, 0, _used));
        _block = null;
        return _full;
    }

    private void Forget()
    {
        foreach (var full in _full ?? [])
        {
            ArrayPool<byte>.Shared.Return(full.Array!);
        }

        if (_block is { } block)
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        (_full, _block, _used, _unflushed) = (null, null, 0, 0);
    }
}
