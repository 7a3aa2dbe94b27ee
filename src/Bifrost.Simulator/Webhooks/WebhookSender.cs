using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Simulator;

/// <summary>
/// Tells the caller's server about a prediction: signed, in order, output and logs at most every 500 ms, only the end retried, no redirects.
/// Plain http is allowed, unlike at Replicate: the receivers are on this machine.
/// </summary>
internal sealed class WebhookSender(Pace pace, SimulatorOptions options, PredictionJson json, CancellationToken stopping) : IDisposable
{
    private const int Attempts = 6;
    private const int KeptDeliveries = 5_000;
    private static readonly TimeSpan Throttle = TimeSpan.FromMilliseconds(500);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private readonly ConditionalWeakTable<SimulatedPrediction, Line> lines = [];
    private readonly ConcurrentQueue<WebhookDelivery> deliveries = new();

    public IReadOnlyList<WebhookDelivery> Deliveries => [.. deliveries];

    public void Started(SimulatedPrediction prediction) => Enqueue(prediction, "start", retried: false);

    public void Progressed(SimulatedPrediction prediction)
    {
        if (prediction.Webhook is null || !(Wants(prediction, "output") || Wants(prediction, "logs")))
        {
            return;
        }

        var line = lines.GetOrCreateValue(prediction);
        var now = pace.Now;
        lock (line.Gate)
        {
            if (now - line.LastProgress < Throttle)
            {
                return;
            }

            line.LastProgress = now;
        }

        Enqueue(prediction, Wants(prediction, "output") ? "output" : "logs", retried: false);
    }

    public void Completed(SimulatedPrediction prediction) => Enqueue(prediction, "completed", retried: true);

    public void Dispose() => http.Dispose();

    private static bool Wants(SimulatedPrediction prediction, string name) => prediction.Request.WebhookEvents.Contains(name);

    private void Enqueue(SimulatedPrediction prediction, string name, bool retried)
    {
        if (prediction.Webhook is not { } url || !Wants(prediction, name))
        {
            return;
        }

        var body = Encoding.UTF8.GetBytes(json.Write(prediction).ToJsonString(Protocol.Json));
        var line = lines.GetOrCreateValue(prediction);
        lock (line.Gate)
        {
            var before = line.Tail;
            line.Tail = DeliverAfterAsync(before, prediction.Id, url, body, retried);
        }
    }

    private async Task DeliverAfterAsync(Task before, string predictionId, Uri url, byte[] body, bool retried)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var id = "msg_" + RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 24);
        try
        {
            for (var attempt = 1; attempt <= (retried ? Attempts : 1); attempt++)
            {
                var status = await PostAsync(url, id, body);
                deliveries.Enqueue(new WebhookDelivery(predictionId, url, id, attempt, status, body));
                while (deliveries.Count > KeptDeliveries && deliveries.TryDequeue(out _)) { }

                if (status is >= 200 and < 300)
                {
                    return;
                }

                await pace.LifelikeAsync(TimeSpan.FromSeconds(1 << attempt), stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The simulator is going away, and its webhooks with it.
        }
    }

    private async Task<int?> PostAsync(Uri url, string id, byte[] body)
    {
        var timestamp = pace.Now.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        _ = request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Sign(options.WebhookSecret, id, timestamp, body));
        try
        {
            using var response = await http.SendAsync(request, stopping);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The deliveries of one prediction, one after another.</summary>
    private sealed class Line
    {
        public Lock Gate { get; } = new();

        public Task Tail { get; set; } = Task.CompletedTask;

        public DateTimeOffset LastProgress { get; set; }
    }
}
