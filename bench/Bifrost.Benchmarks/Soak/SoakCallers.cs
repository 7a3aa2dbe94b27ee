using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Bifrost.Benchmarks.Soak;

/// <summary>Callers of every kind at a fixed rate: a request is sent when it is due, however long others take.</summary>
/// <param name="address">Of the gateway.</param>
/// <param name="keys">Virtual keys.</param>
internal sealed class SoakCallers(Uri address, IReadOnlyList<string> keys) : IDisposable
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("All that was ever said about it, once more. ", 900));

    private static readonly (int UpTo, string Kind, int Expected)[] Mix =
    [
        (50, "chat", 200),
        (76, "stream", 200),
        (80, "long prompt", 200),
        (84, "provider fails", 502),
        (87, "provider refuses", 429),
        (90, "unknown virtual key", 401),
        (92, "no model", 400),
        (94, "model that nobody has heard of", 200),
        (97, "leaves before the answer", 0),
        (100, "leaves in the stream", 0),
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly ConcurrentDictionary<(string Kind, string Outcome), int> _outcomes = new();
    private int _sent;
    private int _open;
    private int _left;

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Sent, and perhaps gone before the gateway had read them.</summary>
    public int Left => Volatile.Read(ref _left);

    public int Open => Volatile.Read(ref _open);

    public IReadOnlyDictionary<(string Kind, string Outcome), int> Outcomes => _outcomes;

    /// <summary>What was not answered as it should be.</summary>
    public int Unexpected =>
        _outcomes
            .Where(outcome =>
                Mix.First(kind => kind.Kind == outcome.Key.Kind).Expected is var expected
                && expected != 0
                && outcome.Key.Outcome != Text(expected)
            )
            .Sum(outcome => outcome.Value);

    /// <summary>Returns when the time is over and everybody has come back.</summary>
    public async Task RunAsync(int perSecond, TimeSpan length)
    {
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < length)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond); _sent < due; _sent++)
            {
                var dice = random.Next(100);
                _ = CallAsync(Mix.First(kind => dice < kind.UpTo).Kind, keys[random.Next(keys.Count)], random.Next());
            }

            await Task.Delay(5);
        }

        for (var patience = Stopwatch.StartNew(); Open > 0 && patience.Elapsed < TimeSpan.FromSeconds(40); )
        {
            await Task.Delay(20);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task CallAsync(string kind, string key, int number)
    {
        Interlocked.Increment(ref _open);
        string outcome;
        try
        {
            outcome = Text(await AnswerAsync(kind, key, number));
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _left);
            outcome = "left";
        }
        catch (HttpRequestException broken)
        {
            outcome = broken.HttpRequestError.ToString();
        }
        catch (IOException)
        {
            outcome = "cut off";
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }

        _outcomes.AddOrUpdate((kind, outcome), 1, static (_, count) => count + 1);
    }

    private async Task<int> AnswerAsync(string kind, string key, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Body(kind, number), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", kind == "unknown virtual key" ? "sk-bf-nobody" : key);
        // Each with a value of its own now and then, as sessions have.
        request.Headers.Add("x-bf-lh-session", Text(number % 3 == 0 ? number : number % 50));
        using var leaving = new CancellationTokenSource();
        if (kind.StartsWith("leaves", StringComparison.Ordinal))
        {
            leaving.CancelAfter(kind == "leaves in the stream" ? 20 + (number % 60) : 1 + (number % 10));
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await answer.Content.CopyToAsync(Stream.Null, leaving.Token);
        return (int)answer.StatusCode;
    }

    private static string Body(string kind, int number)
    {
        // Not a name of its own each time: what the gateway remembers of models is bounded, but the bounds are not reached in half an hour.
        var model = kind switch
        {
            "no model" => "",
            "model that nobody has heard of" => $"openai/unheard-of-{Text(number % 200)}",
            _ => "openai/gpt-4o-mini",
        };
        var prompt = kind switch
        {
            "provider fails" => "fail-500",
            "provider refuses" => "fail-429",
            "long prompt" => Long,
            _ => "Why is the sky blue?",
        };
        var streams = kind is "stream" or "leaves in the stream" ? "true" : "false";
        return $$"""{"model":"{{model}}","stream":{{streams}},"messages":[{"role":"user","content":"{{prompt}} Question {{Text(number)}}"}]}""";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
