using System.Globalization;
using Bifrost.Core.Accept;
using Bifrost.Core.World;
using Bifrost.Providers.Credentials;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>One account's line to the API: builds requests to the configured base, shows the token there and nowhere else, and turns what goes
/// wrong into faults. A create that may have arrived is never reported as one that may be repeated.</summary>
internal sealed class ReplicateHttp(ProviderModel provider, KeyModel key, TimeProvider clock)
{
    private const int MaxErrorBytes = 64 * 1024;
    private const long MaxBodyBytes = 256L << 20;

    public ProviderModel Provider => provider;

    public KeyModel Key => key;

    /// <summary>A request for a path relative to the base, with token and configured headers.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null)
    {
        // Joined as text: a name with a colon would otherwise read as a scheme.
        var request = new HttpRequestMessage(method, new Uri(provider.Base.AbsoluteUri + path)) { Content = content };
        Sign(request);
        foreach (var (name, value) in provider.Network.ExtraHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Shows the token. The caller has checked the host.</summary>
    public void Sign(HttpRequestMessage request)
    {
        BearerToken.Instance.Apply(request.Headers, key);
        request.Headers.TryAddWithoutValidation("User-Agent", "bifrost");
    }

    /// <summary>Sends, and reads the answer to its end. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public async Task<Tried<ReplicateAnswer>> SendAsync(
        HttpRequestMessage request,
        ReplicateCall call,
        bool unversioned,
        TimeSpan patience,
        CancellationToken cancel
    )
    {
        using var ended = new CancellationTokenSource(patience, clock);
        using var left = cancel.UnsafeRegister(static ended => ((CancellationTokenSource)ended!).Cancel(), ended);
        try
        {
            using var response = await provider.Http.SendAsync(request, ended.Token);
            var good = response.IsSuccessStatusCode;
            var body = await ReadAsync(response, good ? MaxBodyBytes : MaxErrorBytes, ended.Token);
            var type = response.Content.Headers.ContentType?.MediaType;
            return good
                ? Tried<ReplicateAnswer>.Good(new ReplicateAnswer((int)response.StatusCode, type, body))
                : new Tried<ReplicateAnswer>(
                    null,
                    ReplicateFaults.OfHttp((int)response.StatusCode, type, body.Span, Hints(response), key.IsDirect, call, unversioned)
                );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Tried<ReplicateAnswer>.Bad(
                new Fault(FaultKind.Timeout, $"Replicate did not answer within {patience.TotalSeconds:0.#} seconds.")
            );
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Tried<ReplicateAnswer>.Bad(Broken(broken));
        }
    }

    /// <summary>Sends and returns at the headers. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public async Task<Outcome<HttpResponseMessage>> OpenAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancel)
    {
        using var ended = new CancellationTokenSource(patience, clock);
        using var left = cancel.UnsafeRegister(static ended => ((CancellationTokenSource)ended!).Cancel(), ended);
        try
        {
            return await provider.Http.SendAsync(request, ended.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Fault(FaultKind.Timeout, $"Replicate did not open the stream within {patience.TotalSeconds:0.#} seconds.");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Broken(broken);
        }
    }

    private static Fault Broken(Exception broken) =>
        broken
            is HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
            }
            ? new Fault(FaultKind.Unreachable, "Replicate cannot be reached.") { Cause = broken }
            : new Fault(FaultKind.UpstreamError, "The connection to Replicate broke before the answer was complete.") { Cause = broken };

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, long limit, CancellationToken cancel)
    {
        using var bytes = new PooledBuffer(4096);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        int read;
        while ((read = await body.ReadAsync(bytes.GetMemory(4096), cancel)) > 0)
        {
            bytes.Advance(read);
            if (bytes.Length > limit)
            {
                // Of an error the beginning says enough; half an answer says nothing.
                return response.IsSuccessStatusCode
                    ? throw new IOException("The answer is too large.")
                    : bytes.Memory[..(int)limit].ToArray();
            }
        }

        return bytes.Memory.ToArray();
    }

    private RetryHints Hints(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return new RetryHints(
            after is { } wait && wait < TimeSpan.Zero ? TimeSpan.Zero : after,
            response.Headers.TryGetValues("ratelimit-reset", out var resets)
            && double.TryParse(resets.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 86400
                ? TimeSpan.FromSeconds(seconds)
                : null
        );
    }
}
