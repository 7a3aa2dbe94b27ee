using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>
/// Sends requests over HTTP/1.1 on connections of its own. What a gateway needs and no more: no redirects, cookies, proxies or decompression. Against
/// <see cref="SocketsHttpHandler"/> a request passes fewer hands, and a connection that waits holds no buffer (decision 0021). Fails as that does: with
/// <see cref="HttpRequestException"/> before an answer, with <see cref="HttpIOException"/> within one. Thread-safe.
/// </summary>
public sealed class Http1Handler(Http1Options options) : HttpMessageHandler
{
    private readonly ConcurrentDictionary<Origin, ConnectionPool> _pools = new();
    private ConnectionPool? _last;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pool = PoolOf(request.RequestUri ?? throw new InvalidOperationException("A request needs an address."));
        while (true)
        {
            var connection = await pool.TakeAsync(cancellationToken);
            var ends = cancellationToken.UnsafeRegister(static connection => ((Connection)connection!).Abort(), connection);
            try
            {
                await connection.SendAsync(request);
                HttpResponseMessage? response;
                while (!connection.TryReadHead(request, out response))
                {
                    await connection.ReadableAsync();
                    connection.Received(await connection.ReadMoreAsync());
                }

                connection.Begin(response, ends, cancellationToken);
                return response;
            }
            catch (Exception failed)
            {
                ends.Unregister();
                var stale = connection.IsStale && request.Content is null;
                connection.CloseAfterFailure();
                cancellationToken.ThrowIfCancellationRequested();
                if (failed is not (IOException or SocketException or ObjectDisposedException))
                {
                    throw;
                }

                // The server closed an idle connection just now. What has no body is sent again; what has one may have been read.
                if (!stale)
                {
                    throw new HttpRequestException(HttpRequestError.ResponseEnded, failed.Message, failed);
                }
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }

        base.Dispose(disposing);
    }

    private ConnectionPool PoolOf(Uri address)
    {
        var origin = Origin.Of(address);
        if (Volatile.Read(ref _last) is { } last && last.Origin == origin)
        {
            return last;
        }

        var pool = _pools.GetOrAdd(origin, static (origin, options) => new ConnectionPool(origin, options), options);
        Volatile.Write(ref _last, pool);
        return pool;
    }
}

/// <summary>Where connections lead.</summary>
internal readonly record struct Origin(string Host, int Port, bool IsSecure)
{
    public static Origin Of(Uri address) =>
        new(
            address.IdnHost,
            address.Port,
            address.Scheme == Uri.UriSchemeHttps
                || (
                    address.Scheme == Uri.UriSchemeHttp
                        ? false
                        : throw new HttpRequestException($"{address.Scheme}: is no scheme that requests are sent to.")
                )
        );

    /// <summary>For the header of this name: the port is left out where it says nothing.</summary>
    public string HostHeader =>
        (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host) + (Port == (IsSecure ? 443 : 80) ? "" : $":{Port}");
}
