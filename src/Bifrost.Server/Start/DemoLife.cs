using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bifrost.Core.Contracts;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Server.Start;

/// <summary>What makes a demo look lived in: owners and keys, a day that went by, and callers who call now and then. Everything goes in by the front door, but
/// the past, which nobody can call for any more.</summary>
internal sealed class DemoLife : IAsyncDisposable
{
    private const int Past = 24 * 60;

    private static readonly (string Model, Operation Operation, double Share)[] Models =
    [
        ("meta/meta-llama-3-8b-instruct", Operation.Chat, 0.62),
        ("meta/meta-llama-3-70b-instruct", Operation.Chat, 0.2),
        ("black-forest-labs/flux-schnell", Operation.ImageGeneration, 0.18),
    ];

    private static readonly string[] Questions =
    [
        "Summarise this ticket in two sentences.",
        "Translate the note to German.",
        "Which of these invoices is overdue?",
        "Write a friendly reply to the customer.",
        "Give me three titles for the article.",
        "What changed between the two versions?",
    ];

    private static readonly string[] Pictures = ["a lighthouse in the fog", "a red bicycle", "a bridge of light over the sea"];

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _living;

    private DemoLife(Func<CancellationToken, Task> live)
    {
        _living = live(_stopping.Token);
    }

    /// <summary>Begins at once and never stands in the way of a start.</summary>
    public static DemoLife Begin(Uri address, ControlPlane plane, TimeProvider clock, ILoggerFactory logs) =>
        new(cancel => LiveAsync(new Uri(Banner.Reachable(address)), plane, clock, logs.CreateLogger("Bifrost.Demo"), cancel));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _living;
        _stopping.Dispose();
    }

    private static async Task LiveAsync(Uri address, ControlPlane plane, TimeProvider clock, ILogger log, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            var callers = await SettleInAsync(http, cancel);
            await plane.Observers.Logs.Store.AppendAsync([.. PastRows(callers, clock.GetUtcNow())], [], cancel);
            var luck = new Random(7);
            while (true)
            {
                await CallAsync(http, callers[luck.Next(callers.Count)], luck, cancel);
                await Task.Delay(TimeSpan.FromSeconds(0.5 + luck.NextDouble() * 4), clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The gateway stops.
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException or InvalidOperationException)
        {
            DemoLog.Ended(log, broken);
        }
    }

    /// <summary>A company or two, their teams, and a key for each use.</summary>
    private static async Task<List<Caller>> SettleInAsync(HttpClient http, CancellationToken cancel)
    {
        async Task<JsonNode> MakeAsync(string path, string member, JsonObject body)
        {
            using var answer = await http.PostAsJsonAsync($"api/governance/{path}", body, cancel);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancel))![member]!;
        }

        static JsonObject Budget(double dollars, string period) => new() { ["max_limit"] = dollars, ["reset_duration"] = period };

        var customer = await MakeAsync("customers", "customer", new JsonObject { ["name"] = "Northwind", ["budget"] = Budget(5, "1M") });
        var callers = new List<Caller>();
        foreach (
            var (team, key, budget, period) in new[]
            {
                ("search", "search-production", 0.02, "1d"),
                ("support", "support-bot", 0.05, "1d"),
                ("research", "research-notebooks", 0.5, "1w"),
            }
        )
        {
            var owner = await MakeAsync(
                "teams",
                "team",
                new JsonObject
                {
                    ["name"] = team,
                    ["customer_id"] = team == "research" ? null : (string)customer["id"]!,
                    ["budget"] = Budget(1, "1M"),
                }
            );
            var made = await MakeAsync(
                "virtual-keys",
                "virtual_key",
                new JsonObject
                {
                    ["name"] = key,
                    ["team_id"] = (string)owner["id"]!,
                    ["budget"] = Budget(budget, period),
                    ["rate_limit"] = new JsonObject { ["request_max_limit"] = 60, ["request_reset_duration"] = "1m" },
                }
            );
            callers.Add(
                new Caller(
                    (string)made["id"]!,
                    key,
                    (string)made["value"]!,
                    (string)owner["id"]!,
                    team == "research" ? null : (string)customer["id"]!
                )
            );
        }

        return callers;
    }

    private static IEnumerable<LogRow> PastRows(List<Caller> callers, DateTimeOffset now)
    {
        var luck = new Random(42);
        for (var minute = Past; minute > 0; minute--)
        {
            var at = now.AddMinutes(-minute);
            // Busy by day, quiet by night.
            var calls = luck.NextDouble() * (1.6 + 1.4 * Math.Sin((at.Hour - 8) / 24.0 * 2 * Math.PI));
            for (; calls >= 0.5; calls--)
            {
                yield return PastRow(luck, callers[luck.Next(callers.Count)], at.AddSeconds(-luck.Next(60)));
            }
        }
    }

    private static LogRow PastRow(Random luck, Caller caller, DateTimeOffset at)
    {
        var (model, operation, _) = Pick(luck);
        var failed = luck.NextDouble() < 0.03;
        var isPicture = operation == Operation.ImageGeneration;
        var (input, output) = isPicture || failed ? (0L, 0L) : (luck.Next(40, 900), luck.Next(30, 600));
        var latency = (long)(
            (isPicture ? 1_400_000 : 260_000 + output * 1_900) * (0.7 + luck.NextDouble() * (luck.NextDouble() < 0.05 ? 4 : 0.8))
        );
        return new LogRow
        {
            Id = Guid.CreateVersion7(at).ToString(),
            At = at.ToUnixTimeMilliseconds() * 1000,
            Operation = operation.Word(),
            Status = failed ? LogStatus.Error : LogStatus.Success,
            HttpStatus = failed ? 502 : 200,
            Fault = failed ? "upstream_error" : null,
            Culprit = failed ? "target" : null,
            Message = failed ? "replicate answered with status 502." : null,
            Lane = "translated",
            Streamed = !isPicture && luck.NextDouble() < 0.5,
            VirtualKeyId = caller.Id,
            VirtualKeyName = caller.Name,
            TeamId = caller.TeamId,
            CustomerId = caller.CustomerId,
            Provider = "replicate",
            ProviderKeyName = "demo",
            AskedModel = $"replicate/{model}",
            SentModel = model,
            InputTokens = input,
            OutputTokens = output,
            Images = isPicture && !failed ? 1 : 0,
            Cost =
                failed ? 0
                : isPicture ? 3_000_000
                : model.Contains("70b", StringComparison.Ordinal) ? input * 650 + output * 2_750
                : input * 50 + output * 250,
            Latency = latency,
            FirstByte =
                failed ? null
                : isPicture ? latency
                : Math.Min(latency, 180_000 + luck.Next(160_000)),
            Accepted = 60,
            Planned = 90,
            Waited = latency - 200,
        };
    }

    private static (string Model, Operation Operation, double Share) Pick(Random luck)
    {
        var left = luck.NextDouble();
        return Models.First(m => (left -= m.Share) <= 0 || m == Models[^1]);
    }

    private static async Task CallAsync(HttpClient http, Caller caller, Random luck, CancellationToken cancel)
    {
        var (model, operation, _) = Pick(luck);
        var name = luck.NextDouble() < 0.02 ? "no-such/model" : model;
        var body =
            operation == Operation.ImageGeneration
                ? new JsonObject { ["model"] = $"replicate/{name}", ["prompt"] = Pictures[luck.Next(Pictures.Length)] }
                : new JsonObject
                {
                    ["model"] = $"replicate/{name}",
                    ["stream"] = luck.NextDouble() < 0.5,
                    ["messages"] = new JsonArray(
                        new JsonObject { ["role"] = "user", ["content"] = Questions[luck.Next(Questions.Length)] }
                    ),
                };
        var path = operation == Operation.ImageGeneration ? "v1/images/generations" : "v1/chat/completions";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Value);
        // Refusals are part of life: a budget that is used up shows what that looks like.
        using var answer = await http.SendAsync(request, cancel);
        await answer.Content.CopyToAsync(Stream.Null, cancel);
    }

    private sealed record Caller(string Id, string Name, string Value, string TeamId, string? CustomerId);
}

internal static partial class DemoLog
{
    [LoggerMessage(1, LogLevel.Warning, "The demo's own callers have stopped calling")]
    public static partial void Ended(ILogger log, Exception broken);
}
