using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Bifrost.Core.Inbound;

/// <summary>Lets callers in.</summary>
internal sealed class SocketListener(Socket socket, MemoryPool<byte> memory) : IConnectionListener
{
    /// <summary>When the process may open no more files: until some are closed there is nothing to do but wait.</summary>
    private static readonly TimeSpan OutOfFilesPause = TimeSpan.FromMilliseconds(100);

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>Null: nobody is let in any more.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? caller = null;
            try
            {
                caller = await socket.AcceptAsync(cancellationToken);
                caller.NoDelay = true;
                // A send that would have to wait says so instead (SocketWriter). Receives are asynchronous and do not care.
                caller.Blocking = false;
                return new SocketConnection(caller, memory);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException closed) when (closed.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                await Task.Delay(OutOfFilesPause, cancellationToken);
            }
            catch (SocketException)
            {
                // Left again before it was let in.
                caller?.Dispose();
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
