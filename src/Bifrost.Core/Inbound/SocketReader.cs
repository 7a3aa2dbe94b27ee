using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Bifrost.Core.Inbound;

/// <summary>Receives straight into the memory that is read from. What comes first comes into a small buffer of the connection's own; when that is not enough, what
/// follows comes into a large one of the pool, in as few pieces as the kernel has it. As soon as all is consumed it listens again, so that a caller who leaves
/// is noticed while others work for him. Read by one at a time; <see cref="CancelPendingRead"/> is for anybody.</summary>
internal sealed class SocketReader : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>The head and the body of an ordinary chat; held for as long as the connection.</summary>
    private const int OwnBytes = 1024;

    private const int LargeBytes = 64 << 10;

    private readonly SocketConnection _connection;
    private readonly Socket _socket;
    private readonly Action _onReceived;
    private readonly byte[] _own = GC.AllocateUninitializedArray<byte>(OwnBytes);
    private readonly Lock _lock = new();

    private byte[] _buffer;
    private int _start;
    private int _examined;
    private int _end;

    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private CancellationTokenRegistration _readEnds;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private bool _receiving;
    private bool _filled;
    private bool _waiting;
    private bool _canceled;
    private bool _ended;
    private Exception? _failure;

    public SocketReader(SocketConnection connection, Socket socket)
    {
        (_connection, _socket, _buffer, _onReceived) = (connection, socket, _own, OnReceived);
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

                _receiving = true;
                MakeRoom();
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
            if (ReferenceEquals(consumed.GetObject(), _buffer))
            {
                (_start, _examined) = (consumed.GetInteger(), examined.GetInteger());
            }

            if (_start < _end || _receiving || _ended)
            {
                return;
            }

            _receiving = true;
            MakeRoom();
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

    /// <summary>Whoever has set <see cref="_receiving"/> receives, alone. What comes at once is there when this returns.</summary>
    private void Receive()
    {
        try
        {
#pragma warning disable CA2012 // It is taken once: in OnReceived.
            _receive = _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
        }
        catch (ObjectDisposedException closed)
        {
            Received(0, closed);
            return;
        }

        if (_receive.IsCompleted)
        {
            OnReceived();
        }
        else
        {
            _receive.UnsafeOnCompleted(_onReceived);
        }
    }

    private void OnReceived()
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

        Received(count, failed);
    }

    private void Received(int count, Exception? failed)
    {
        bool waiting;
        lock (_lock)
        {
            _receiving = false;
            _filled = count == _buffer.Length - _end;
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
        _start == _end ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);

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

    /// <summary>A large buffer is taken when the last one was full, and kept only while there is something in it.</summary>
    private void MakeRoom()
    {
        if (_start == _end)
        {
            if (_filled && _buffer == _own)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(LargeBytes);
            }
            else if (!_filled)
            {
                UseOwn();
            }

            (_start, _examined, _end) = (0, 0, 0);
        }
        else if (_end == _buffer.Length)
        {
            // All is needed still: a head that is long, or the piece of a chunk.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(LargeBytes, 2 * (_end - _start)));
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            UseOwn();
            (_buffer, _start, _examined, _end) = (larger, 0, _examined - _start, _end - _start);
        }
    }

    private void Forget()
    {
        UseOwn();
        (_start, _examined, _end) = (0, 0, 0);
    }

    private void UseOwn()
    {
        if (_buffer != _own)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = _own;
        }
    }
}
