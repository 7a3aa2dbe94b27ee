using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Bifrost.Testing.Stores;

/// <summary>A TCP connection in between that can be cut and mended, or go silent as when a cable is pulled.</summary>
public sealed class CuttableWire : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _far;
    private readonly Task _accepting;
    private volatile bool _cut;
    private volatile bool _silent;

    public CuttableWire(int port)
    {
        _far = new IPEndPoint(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Open connections are reset, and new ones end at once.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _open.Keys)
        {
            socket.Close(0);
        }
    }

    /// <summary>Nothing arrives any more, and nobody is told.</summary>
    public void GoSilent() => _silent = true;

    /// <summary>New connections work again.</summary>
    public void Mend()
    {
        Cut();
        _cut = _silent = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync(_end.Token);
                _ = JoinAsync(near);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task JoinAsync(Socket near)
    {
        using var far = new Socket(_far.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _open[near] = _open[far] = true;
        try
        {
            if (!_cut)
            {
                await far.ConnectAsync(_far, _end.Token);
                await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut while it was being made.
        }

        _open.TryRemove(near, out _);
        _open.TryRemove(far, out _);
        near.Close(0);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, _end.Token)) > 0)
            {
                if (!_silent)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One end is gone; the other is closed with it.
        }
    }
}
