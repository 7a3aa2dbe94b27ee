using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Simulator;

/// <summary>Ends a connection in the ways a network does.</summary>
internal static class Connections
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task EndAsync(HttpContext http, Ending ending, CancellationToken gone)
    {
        switch (ending)
        {
            case Ending.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, gone);
                break;
            case Ending.Cut:
                await CutAsync(http, gone);
                break;
            case Ending.Reset:
                // What was flushed must leave the socket before the reset discards the rest.
                await Task.Delay(Settling, gone);
                http.Abort();
                break;
        }
    }

    /// <summary>Closes our half in order (FIN) although the answer is not whole, then waits for the caller to hang up.</summary>
    private static async Task CutAsync(HttpContext http, CancellationToken gone)
    {
        await Task.Delay(Settling, gone);
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                await Task.Delay(Patience, gone);
            }
            catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // It was closed from the other side already.
            }
        }

        http.Abort();
    }
}
