using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Bifrost.Core.Inbound;

/// <summary>Receives straight into the memory that is read from. It waits without a buffer, and when a buffer was full the next is larger, so that a long prompt comes in
/// a few pieces. As soon as all is consumed it listens again: a caller who leaves is noticed while others work for him. Read by one at a time;
/// <see cref="CancelPendingRead"/> is for anybody.</summary>
internal sealed class SocketReader : PipeReader, IValueTaskSource<ReadResult>
{
    private const int FirstBytes = 16 << 10;
    private const int MoreBytes = 64 << 10;

    private readonly SocketConnection _connection;
    private readonly Socket _socket;
    private readonly Action _onReceived;
    private readonly Lock _lock = new();

    // Null when there is nothing in it and nothing is on its way into it.
    private byte[]? _buffer;
    private int _start;
    private int _examined;
    private int _end;

    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private CancellationTokenRegistration _readEnds;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private bool _receiving;
    private bool _listening;
    private bool _filled;
    private bool _waiting;
    private bool _canceled;
    private bool _ended;
    private Exception? _failure;

    public SocketReader(SocketConnection connection, Socket socket)
    {
        (_connection, _socket, _onReceived) = (connection, socket, OnReceived);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        while (true)
        {
            lock (_lock)
            {
                if (TryResult(out var result, out var failure))
                {
                    return failure is null ? new ValueTask<ReadResult>(result) : ValueTask.FromException<ReadResult>(failure);
                }

                if (_receiving)
                {
                    _waiting = true;
                    _read.Reset();
                    break;
                }

                BeginReceive();
            }

            Receive();
        }

        var version = _read.Version;
        EndWith(version, cancellationToken);
        return new ValueTask<ReadResult>(this, version);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_lock)
        {
            return TryResult(out result, out var failure) && (failure is null ? true : throw failure);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_lock)
        {
            // Positions in an empty result are in no buffer of ours.
            if (_buffer is not null && ReferenceEquals(consumed.GetObject(), _buffer))
            {
                (_start, _examined) = (consumed.GetInteger(), examined.GetInteger());
            }

            if (_start < _end || _receiving || _ended)
            {
                return;
            }

            BeginReceive();
        }

        Receive();
    }

    public override void CancelPendingRead()
    {
        lock (_lock)
        {
            _canceled = true;
            if (!_waiting)
            {
                return;
            }
        }

        Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_lock)
        {
            _ended = true;
            if (!_receiving)
            {
                Forget();
            }
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _read.OnCompleted(continuation, state, token, flags);

    /// <summary>Under the lock, while nobody holds what was read. What is there and must be kept together with what comes needs its room now; else a buffer
    /// is taken beforehand only when the last one was full.</summary>
    private void BeginReceive()
    {
        _receiving = true;
        if (_start == _end)
        {
            Forget();
            _buffer = _filled ? ArrayPool<byte>.Shared.Rent(MoreBytes) : null;
        }
        else if (_end == _buffer!.Length)
        {
            var (all, there) = (_buffer, _end - _start);
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(MoreBytes, 2 * there));
            all.AsSpan(_start, there).CopyTo(_buffer);
            ArrayPool<byte>.Shared.Return(all);
            (_start, _examined, _end) = (0, _examined - _start, there);
        }

        _listening = _buffer is null;
    }

    /// <summary>Alone, after <see cref="BeginReceive"/>. What comes at once is there when this returns.</summary>
    private void Receive()
    {
        while (true)
        {
            try
            {
                var to = _listening ? Memory<byte>.Empty : _buffer.AsMemory(_end);
#pragma warning disable CA2012 // It is taken once: in HasReceived.
                _receive = _socket.ReceiveAsync(to, SocketFlags.None).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
            }
            catch (ObjectDisposedException closed)
            {
                Received(0, closed);
                return;
            }

            if (!_receive.IsCompleted)
            {
                _receive.UnsafeOnCompleted(_onReceived);
                return;
            }

            if (HasReceived())
            {
                return;
            }
        }
    }

    private void OnReceived()
    {
        if (!HasReceived())
        {
            Receive();
        }
    }

    /// <summary>False: there is something, or the end, and now it is taken.</summary>
    private bool HasReceived()
    {
        var count = 0;
        Exception? failed = null;
        try
        {
#pragma warning disable VSTHRD002 // It is over.
            count = _receive.GetResult();
#pragma warning restore VSTHRD002
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            failed = closed;
        }

        if (_listening && failed is null)
        {
            _listening = false;
            lock (_lock)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
            }

            return false;
        }

        Received(count, failed);
        return true;
    }

    private void Received(int count, Exception? failed)
    {
        bool waiting;
        lock (_lock)
        {
            _receiving = false;
            _filled = count > 0 && count == _buffer!.Length - _end;
            _end += count;
            if (_ended)
            {
                // Nobody reads any more.
                Forget();
            }
            else if (count == 0)
            {
                _ended = true;
                _failure = failed is null ? null : _connection.WhyClosed(failed);
            }

            waiting = _waiting;
        }

        if (count == 0)
        {
            _connection.TellLeft();
        }

        if (waiting)
        {
            Wake();
        }
    }

    /// <summary>Gives whoever waits what there is.</summary>
    private void Wake()
    {
        ReadResult result;
        Exception? failure;
        CancellationTokenRegistration ends;
        lock (_lock)
        {
            if (!_waiting || !TryResult(out result, out failure))
            {
                return;
            }

            _waiting = false;
            (ends, _readEnds) = (_readEnds, default);
        }

        ends.Unregister();
        if (failure is null)
        {
            _read.SetResult(result);
        }
        else
        {
            _read.SetException(failure);
        }
    }

    private bool TryResult(out ReadResult result, out Exception? failure)
    {
        failure = null;
        if (_canceled || _examined < _end)
        {
            result = new ReadResult(There(), _canceled, isCompleted: false);
            _canceled = false;
            return true;
        }

        result = new ReadResult(There(), isCanceled: false, isCompleted: true);
        failure = _failure;
        return _ended;
    }

    private ReadOnlySequence<byte> There() =>
        _start == _end ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer!, _start, _end - _start);

    private void EndWith(short version, CancellationToken cancel)
    {
        if (!cancel.CanBeCanceled)
        {
            return;
        }

        var ends = cancel.UnsafeRegister(static (reader, cancel) => ((SocketReader)reader!).End(cancel), this);
        lock (_lock)
        {
            if (_waiting && _read.Version == version)
            {
                _readEnds = ends;
                return;
            }
        }

        ends.Unregister();
    }

    private void End(CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
            _readEnds = default;
        }

        _read.SetException(new OperationCanceledException(cancel));
    }

    private void Forget()
    {
        (_start, _examined, _end) = (0, 0, 0);
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
