using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Bifrost.Core.Inbound;

/// <summary>The sockets that callers come in by: what Kestrel reads and writes its connections with (decision 0022). Thread-safe.</summary>
/// <param name="pools">Makes the pool that Kestrel takes its own memory from; null: the shared one.</param>
public sealed class SocketTransport(IMemoryPoolFactory<byte>? pools = null) : IConnectionListenerFactory
{
    /// <summary>How many callers may wait to be let in. The default of Kestrel's own transport.</summary>
    private const int Backlog = 512;

    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    /// <exception cref="SocketException">The address is none of this machine's, or may not be taken.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Backlog);
            return ValueTask.FromResult<IConnectionListener>(new SocketListener(socket, pools?.Create() ?? MemoryPool<byte>.Shared));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }
    }
}
