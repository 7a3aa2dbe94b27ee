using System.Collections.Concurrent;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>A gateway before an upstream that answers from recordings. Each call gets the next answer recorded for its method and path; the
/// last one repeats. What was never recorded is a 503, as if Replicate were out of reach just then.</summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RecordedExchange>> _answers = new();

    private Replay(IReadOnlyList<RecordedExchange> exchanges)
    {
        Exchanges = exchanges;
        foreach (var exchange in exchanges)
        {
            _answers.GetOrAdd($"{exchange.Method} {exchange.Path}", _ => new ConcurrentQueue<RecordedExchange>()).Enqueue(exchange);
        }
    }

    public IReadOnlyList<RecordedExchange> Exchanges { get; }

    public FakeUpstream Upstream { get; private set; } = null!;

    public RunningGateway Gateway { get; private set; } = null!;

    /// <summary>What arrived to create a prediction, in order.</summary>
    public IReadOnlyList<SeenRequest> Creates =>
        [.. Upstream.Seen.Where(seen => seen.Method == "POST" && seen.Path.EndsWith("/predictions", StringComparison.Ordinal))];

    public static Task<Replay> OfAsync(params string[] recordings) =>
        OfAsync([.. recordings.Select(Recording.Read).SelectMany(recording => recording.Recorded.Concat(recording.Supposed))]);

    public static async Task<Replay> OfAsync(IReadOnlyList<RecordedExchange> exchanges)
    {
        var replay = new Replay(exchanges);
        replay.Upstream = await FakeUpstream.StartAsync(replay.AnswerAsync);
        replay.Gateway = await AGateway.With().Provider("replicate", "replicate", replay.Upstream.Address).StartAsync();
        return replay;
    }

    public int Calls(string method, string path) => Upstream.Seen.Count(seen => seen.Method == method && seen.Path == path);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (!_answers.TryGetValue($"{http.Request.Method} {http.Request.Path}", out var queue))
        {
            await FakeUpstream.WriteAsync(http, """{"detail":"Not in the recording."}""", 503);
            return;
        }

        RecordedExchange? answer;
        lock (queue)
        {
            _ = queue.Count > 1 ? queue.TryDequeue(out answer) : queue.TryPeek(out answer);
        }

        http.Response.StatusCode = answer!.Status;
        foreach (var (name, value) in answer.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (answer.Answer.Length > 0)
        {
            await http.Response.WriteAsync(answer.Answer.Replace("{upstream}", $"http://{http.Request.Host}", StringComparison.Ordinal));
        }
    }
}
