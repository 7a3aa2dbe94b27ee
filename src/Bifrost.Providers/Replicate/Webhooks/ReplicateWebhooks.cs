using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Dialects.Replicate;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Providers.Replicate;

/// <summary>Where Replicate calls back when a prediction is over. Whoever waits for it is told at once instead of at the next poll.</summary>
internal sealed class ReplicateWebhooks(ReplicateRuntime runtime, VideoJobs videos)
{
    private const string Path = "webhooks/replicate";
    private const int MaxBodyBytes = 16 << 20;
    private const int RememberedIds = 10_000;
    private const int MaxIdLength = 256;

    private readonly WebhookTickets _tickets = new();
    private readonly WebhookSecrets _secrets = new(runtime);
    private readonly RecentIds _seen = new(RememberedIds);

    /// <summary>The address for a new prediction; null when the gateway cannot be reached from outside. A caller's own key gets none: to check
    /// what is delivered, the key would have to be kept.</summary>
    public Uri? AddressFor(Exchange exchange, Target target)
    {
        if (exchange.World.Client.PublicUrl is not { } home || target.Key.IsDirect || target.Key.Value.IsEmpty)
        {
            return null;
        }

        var root = home.AbsoluteUri.EndsWith('/') ? home.AbsoluteUri : home.AbsoluteUri + "/";
        return new Uri($"{root}{Path}?{_tickets.Issue(target.Provider, target.Key)}");
    }

    /// <summary>Takes a delivery: 200 when it was ours and in order, also a second time.</summary>
    public async Task ReceiveAsync(HttpContext http)
    {
        http.Response.StatusCode = await JudgeAsync(http.Request, http.RequestAborted);
    }

    private async Task<int> JudgeAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return StatusCodes.Status405MethodNotAllowed;
        }

        if (_tickets.Open(request.Query["account"], request.Query["ticket"]) is not var (provider, key))
        {
            return StatusCodes.Status404NotFound;
        }

        string? id = request.Headers["webhook-id"];
        string? timestamp = request.Headers["webhook-timestamp"];
        string? signatures = request.Headers["webhook-signature"];
        if (
            id is not { Length: > 0 and <= MaxIdLength }
            || string.IsNullOrEmpty(timestamp)
            || string.IsNullOrEmpty(signatures)
            || await BodyOfAsync(request, cancel) is not { IsEmpty: false } body
        )
        {
            return StatusCodes.Status400BadRequest;
        }

        if (!WebhookSignature.IsRecent(timestamp, runtime.Clock.GetUtcNow()))
        {
            return StatusCodes.Status401Unauthorized;
        }

        for (var again = false; ; again = true)
        {
            if ((await _secrets.OfAsync(provider, key, again, cancel)).Failed(out _, out var secret))
            {
                // Not the sender's fault: it may try again.
                return StatusCodes.Status503ServiceUnavailable;
            }

            if (WebhookSignature.IsRight(secret.Reveal(), id, timestamp, signatures, body.Span))
            {
                break;
            }

            if (again)
            {
                return StatusCodes.Status401Unauthorized;
            }
        }

        if (Prediction.Read(body).Failed(out _, out var prediction))
        {
            return StatusCodes.Status400BadRequest;
        }

        if (_seen.Add(id))
        {
            runtime.Waiters.Complete(prediction.Id, prediction);
            videos.Observe(provider.Id, key, prediction, runtime.Clock.GetUtcNow());
        }

        return StatusCodes.Status200OK;
    }

    /// <summary>Null when it is too large.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BodyOfAsync(HttpRequest request, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var block = new byte[16384];
        int read;
        while ((read = await request.Body.ReadAsync(block, cancel)) > 0)
        {
            if (bytes.Length + read > MaxBodyBytes)
            {
                return null;
            }

            await bytes.WriteAsync(block.AsMemory(0, read), cancel);
        }

        return bytes.ToArray();
    }
}
