using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>Connections to one host and port. The one used last is used next, so that what is not needed grows old and is closed.</summary>
internal sealed class ConnectionPool(Origin origin, Http1Options options) : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim? _room =
        options.MaxConnections == int.MaxValue ? null : new SemaphoreSlim(options.MaxConnections, options.MaxConnections);

    private readonly Lock _lock = new();
    private readonly List<Connection> _idle = [];
    private ITimer? _sweeper;
    private bool _disposed;

    public Origin Origin => origin;

    public string HostHeader { get; } = origin.HostHeader;

    /// <summary>A connection that can be sent on: one that is idle, or a new one.</summary>
    /// <exception cref="HttpRequestException">None can be made.</exception>
    public ValueTask<Connection> TakeAsync(CancellationToken cancel)
    {
        if (_room is not null)
        {
            return TakeInTurnAsync(_room, cancel);
        }

        return TryTakeIdle() is { } idle ? ValueTask.FromResult(idle) : ConnectAsync(cancel);
    }

    /// <summary>Keeps a connection that is ready for the next request.</summary>
    public void Keep(Connection connection)
    {
        connection.IdleSince = options.Clock.GetTimestamp();
        // Its place is given on before others see it: from then on it may have a place of its own.
        var takesRoom = connection.TakesRoom;
        connection.TakesRoom = false;
        var kept = false;
        if (options.Clock.GetElapsedTime(connection.MadeAt) < options.Lifetime)
        {
            lock (_lock)
            {
                kept = !_disposed;
                if (kept)
                {
                    _idle.Add(connection);
                    _sweeper ??= options.Clock.CreateTimer(
                        static pool => ((ConnectionPool)pool!).Sweep(),
                        this,
                        SweepInterval,
                        SweepInterval
                    );
                }
            }
        }

        if (!kept)
        {
            connection.Abort();
        }

        if (takesRoom)
        {
            _room!.Release();
        }
    }

    /// <summary>A connection is closed.</summary>
    public void LetNextIn(Connection connection)
    {
        if (connection.TakesRoom)
        {
            connection.TakesRoom = false;
            _room!.Release();
        }
    }

    public void Dispose()
    {
        List<Connection> idle;
        lock (_lock)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
            _sweeper?.Dispose();
        }

        idle.ForEach(connection => connection.Abort());
        _room?.Dispose();
    }

    private async ValueTask<Connection> TakeInTurnAsync(SemaphoreSlim room, CancellationToken cancel)
    {
        await room.WaitAsync(cancel);
        try
        {
            var connection = TryTakeIdle() ?? await ConnectAsync(cancel);
            connection.TakesRoom = true;
            return connection;
        }
        catch
        {
            room.Release();
            throw;
        }
    }

    private Connection? TryTakeIdle()
    {
        while (true)
        {
            Connection connection;
            lock (_lock)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }

                connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }

            if (!IsOld(connection) && connection.TryReuse())
            {
                return connection;
            }

            connection.Abort();
        }
    }

    private bool IsOld(Connection connection) =>
        options.Clock.GetElapsedTime(connection.IdleSince) > options.IdleTimeout
        || options.Clock.GetElapsedTime(connection.MadeAt) > options.Lifetime;

    /// <summary>Closes what is old. When nothing is left there is no timer either: a pool that nobody uses any more can be forgotten.</summary>
    private void Sweep()
    {
        List<Connection> old;
        lock (_lock)
        {
            old = _idle.FindAll(IsOld);
            _idle.RemoveAll(old.Contains);
            if (_idle.Count == 0)
            {
                _sweeper?.Dispose();
                _sweeper = null;
            }
        }

        old.ForEach(connection => connection.Abort());
    }

    private async ValueTask<Connection> ConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.ConnectTimeout);
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(origin.Host, origin.Port), patience.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            stream = origin.IsSecure ? await SecureAsync(stream, patience.Token) : stream;
            return new Connection(this, stream, options.Clock.GetTimestamp());
        }
        catch (Exception failed)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw Wrapped(failed);
        }
    }

    private async Task<Stream> SecureAsync(Stream plain, CancellationToken cancel)
    {
        var secure = new SslStream(plain);
        var how = new SslClientAuthenticationOptions { TargetHost = origin.Host, ApplicationProtocols = [SslApplicationProtocol.Http11] };
        options.Trust(how);
        try
        {
            await secure.AuthenticateAsClientAsync(how, cancel);
            return secure;
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            await secure.DisposeAsync();
            throw new HttpRequestException(
                HttpRequestError.SecureConnectionError,
                $"No secure connection could be made: {failed.Message}",
                failed
            );
        }
    }

    private HttpRequestException Wrapped(Exception failed) =>
        failed switch
        {
            HttpRequestException told => told,
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } unknown => new(
                HttpRequestError.NameResolutionError,
                $"{unknown.Message} ({origin.HostHeader})",
                unknown
            ),
            OperationCanceledException late => new(
                HttpRequestError.ConnectionError,
                $"No connection within {options.ConnectTimeout.TotalSeconds:0} s ({origin.HostHeader})",
                late
            ),
            _ => new(HttpRequestError.ConnectionError, $"{failed.Message} ({origin.HostHeader})", failed),
        };
}
