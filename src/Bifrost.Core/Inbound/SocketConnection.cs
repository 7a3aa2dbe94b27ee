using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Bifrost.Core.Inbound;

/// <summary>A caller's connection. Reading and writing are for one at a time each; <see cref="Abort(ConnectionAbortedException)"/> is for anybody.</summary>
internal sealed class SocketConnection : ConnectionContext, IDuplexPipe, IMemoryPoolFeature
{
    private static long _count;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _left = new();
    private IDictionary<object, object?>? _items;
    private IFeatureCollection? _features;
    private Exception? _reason;
    private int _closed;
    private int _told;

    public SocketConnection(Socket socket, MemoryPool<byte> memory)
    {
        _socket = socket;
        MemoryPool = memory;
        ConnectionId = Interlocked.Increment(ref _count).ToString("x", CultureInfo.InvariantCulture);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _left.Token;
        Input = new SocketReader(this, socket);
        Output = new SocketWriter(this, socket);
        Transport = this;
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features => _features ??= Described();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Breaks the connection off; the caller is told that what he got is not all.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _reason = abortReason;
            // At once and with a reset: half an answer must not look like one that has ended.
            _socket.Close(timeout: 0);
            TellLeft();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The caller was faster.
            }

            _socket.Dispose();
        }

        await Input.CompleteAsync();
        await Output.CompleteAsync();
        TellLeft();
        await base.DisposeAsync();
    }

    /// <summary>Why nothing can be read or written any more.</summary>
    public Exception WhyClosed(Exception failed) =>
        _reason
        ?? (
            failed is SocketException reset
                ? new ConnectionResetException(reset.Message, reset)
                : new ConnectionAbortedException(failed.Message, failed)
        );

    /// <summary>Tells whoever works for the caller that he has left.</summary>
    public void TellLeft()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static left => left.Cancel(), _left, preferLocal: false);
        }
    }

    private FeatureCollection Described()
    {
        // As many as Kestrel adds to them.
        var features = new FeatureCollection(8);
        features.Set<IMemoryPoolFeature>(this);
        return features;
    }
}
