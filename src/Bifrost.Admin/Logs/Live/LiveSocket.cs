using System.Net.WebSockets;

namespace Bifrost.Admin.Logs.Live;

/// <summary>A WebSocket, a message for each row. Pings are the framework's; what the other end sends is read and forgotten.</summary>
internal sealed class LiveSocket : ILiveLine
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly Task _listening;

    /// <param name="socket">Open.</param>
    /// <param name="gone">Cancelled when the other end closes, or stays silent to a ping.</param>
    public LiveSocket(WebSocket socket, CancellationTokenSource gone)
    {
        _socket = socket;
        _listening = ListenAsync(socket, gone);
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancel);
        }
        catch (WebSocketException broken)
        {
            throw new OperationCanceledException("The other end has gone.", broken);
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task BeatAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task CloseAsync(LiveEnd end)
    {
        if (end == LiveEnd.TooSlow)
        {
            _socket.Abort();
            return;
        }

        var (status, reason) =
            end == LiveEnd.Stopping
                ? (WebSocketCloseStatus.EndpointUnavailable, "The gateway is stopping.")
                : (WebSocketCloseStatus.PolicyViolation, "The session has ended.");
        using var patience = new CancellationTokenSource(Farewell);
        try
        {
            await _socket.CloseOutputAsync(status, reason, patience.Token);
            await _listening.WaitAsync(patience.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            _socket.Abort();
        }
    }

    /// <summary>Returns when nothing is read any more.</summary>
    public async Task GoneAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(Farewell);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
            {
                // They did not wait for the answer.
            }
        }

        _socket.Abort();
        await _listening;
    }

    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource gone)
    {
        var buffer = new byte[1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // Published clients say "ping" now and then.
            }
        }
        catch (WebSocketException)
        {
            // Gone without a word.
        }
        catch (OperationCanceledException)
        {
            // Aborted on this side.
        }
        finally
        {
            await gone.CancelAsync();
        }
    }
}
