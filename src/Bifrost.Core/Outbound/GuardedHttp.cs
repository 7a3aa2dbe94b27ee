using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Bifrost.Core.World;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Outbound;

/// <summary>Fetches addresses that somebody else chose (outputs of a model, pictures of a caller). Connects only to public addresses, or to
/// hosts of configured providers; the address is checked when connecting, so that a name cannot change its mind. Never sends a credential,
/// follows no redirects. Thread-safe.</summary>
public sealed class GuardedHttp : IDisposable
{
    private readonly HttpMessageInvoker _http;

    /// <param name="trustedHosts"><c>host:port</c> of configured providers, asked at each connection.</param>
    public GuardedHttp(Func<IReadOnlySet<string>> trustedHosts) =>
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                // Pictures and films are packed already, and a range of packed bytes could not be unpacked.
                AutomaticDecompression = DecompressionMethods.None,
                ActivityHeadersPropagator = null,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, trustedHosts(), cancel),
            }
        );

    /// <summary>Sends a GET and returns the answer at its headers, whatever its status. The caller disposes of it.</summary>
    public async Task<Outcome<HttpResponseMessage>> GetAsync(Uri address, RangeHeaderValue? range, CancellationToken cancel)
    {
        if (address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
        {
            return Fault.Invalid(
                $"The address {address.Scheme}://{address.Host} cannot be fetched: only plain http and https addresses without a user name can."
            );
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        try
        {
            return await _http.SendAsync(request, cancel);
        }
        catch (HttpRequestException failed) when (failed.InnerException is ForbiddenAddressException forbidden)
        {
            return Fault.Invalid(forbidden.Message, code: "forbidden_address");
        }
        catch (HttpRequestException failed)
        {
            return new Fault(FaultKind.UpstreamError, $"Fetching from {address.Host} failed: {failed.Message}") { Cause = failed };
        }
    }

    /// <summary>Fetches a whole body of at most <paramref name="maxBytes"/>.</summary>
    public async Task<Outcome<FetchedContent>> DownloadAsync(Uri address, long maxBytes, CancellationToken cancel)
    {
        var outcome = await GetAsync(address, null, cancel);
        if (outcome.Failed(out var fault, out var response))
        {
            return fault;
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                return new Fault(FaultKind.UpstreamError, $"Fetching from {address.Host} failed with status {(int)response.StatusCode}.")
                {
                    UpstreamStatus = (int)response.StatusCode,
                };
            }

            try
            {
                using var bytes = new MemoryStream(
                    (int)Math.Clamp(response.Content.Headers.ContentLength ?? 65536, 0, Math.Min(maxBytes, 1 << 26))
                );
                await using var body = await response.Content.ReadAsStreamAsync(cancel);
                var block = new byte[65536];
                int read;
                while ((read = await body.ReadAsync(block, cancel)) > 0)
                {
                    if (bytes.Length + read > maxBytes)
                    {
                        return new Fault(FaultKind.UpstreamInvalid, $"The file at {address.Host} is larger than {maxBytes >> 20} MB.");
                    }

                    await bytes.WriteAsync(block.AsMemory(0, read), cancel);
                }

                return new FetchedContent(bytes.ToArray(), response.Content.Headers.ContentType?.MediaType);
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                return new Fault(FaultKind.UpstreamError, $"Fetching from {address.Host} broke off: {broken.Message}") { Cause = broken };
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, IReadOnlySet<string> trusted, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(to.Host, cancel);
        if (!trusted.Contains($"{to.Host}:{to.Port}"))
        {
            foreach (var address in addresses)
            {
                if (!PublicAddress.Is(address))
                {
                    throw new ForbiddenAddressException(to.Host);
                }
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class ForbiddenAddressException(string host)
        : IOException($"The address {host} is private, local or reserved; the gateway does not fetch from it.");
}

/// <param name="Bytes">The whole body.</param>
/// <param name="MediaType">As the server declared it, or null.</param>
public sealed record FetchedContent(ReadOnlyMemory<byte> Bytes, string? MediaType);
