using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>What happened when: the published charts, and any number by any dimension.</summary>
internal sealed class HistogramRoutes(ILogStore store, LogNames names, TimeProvider clock)
{
    private const string Path = "/api/logs/histogram";
    private const int UsualGroups = 20;
    private const int MostGroups = 200;

    private static readonly LogSums Nothing = new();

    private static readonly IReadOnlyList<Parameter> Query = [.. FilterReading.Parameters, Span.Parameter];
    private static readonly IReadOnlyList<Parameter> TopQuery =
    [
        .. Query,
        new("top", $"Groups at most, the dearest; what is left is `other`. {UsualGroups}, at most {MostGroups}.", FieldKind.Whole),
    ];

    public IEnumerable<Route> All() =>
        [
            Charted("", "Requests over time; with `metric` any number, with `group_by` by any dimension.", AnyAsync) with
            {
                Query =
                [
                    .. TopQuery,
                    new("metric", $"{Metric.Words}. Without it: count, success and error."),
                    new("group_by", $"{string.Join(", ", Dimension.Words)}."),
                ],
            },
            Charted("/tokens", "Tokens over time.", call => PlainAsync(call, Tokens)),
            Charted("/latency", "Milliseconds over time.", call => PlainAsync(call, Latency, withLatency: true)),
            Charted("/cost", "Dollars over time, by model.", CostAsync) with
            {
                Query = TopQuery,
            },
            Charted("/models", "Requests over time, by model.", ModelsAsync) with
            {
                Query = TopQuery,
            },
            Charted("/cost/by-provider", "Dollars over time, by provider.", call => ByProviderAsync(call, Cost)) with
            {
                Query = TopQuery,
            },
            Charted("/tokens/by-provider", "Tokens over time, by provider.", call => ByProviderAsync(call, Tokens)) with
            {
                Query = TopQuery,
            },
            Charted(
                "/latency/by-provider",
                "Milliseconds over time, by provider.",
                call => ByProviderAsync(call, Latency, withLatency: true)
            ) with
            {
                Query = TopQuery,
            },
        ];

    private static Route Charted(string path, string summary, Func<Call, Task<Reply>> handle) =>
        new("GET", Path + path, summary, handle)
        {
            Group = LogRoutes.Group,
            Query = Query,
            Answer = "`buckets`, each with its `timestamp`, empty ones too, and `bucket_size_seconds`.",
            Refusals = [400],
        };

    private async Task<Reply> AnyAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var metric = Choice.Of(call, "metric", Metric.Choices, null, mistakes);
        var by = GroupRoutes.By(call, "group_by", mistakes);
        if (by is null)
        {
            return await PlainAsync(
                call,
                sums => metric is null ? Counts(sums) : new JsonObject { ["value"] = metric.Node(sums) },
                metric is { IsLatency: true },
                mistakes
            );
        }

        if (await ReadAsync(call, by.Kind, metric is { IsLatency: true }, mistakes) is not { } read)
        {
            return Reply.Bad(mistakes);
        }

        var named = await names.NamedAsync(by.Kind, read.Groups.Where(g => g != Other), read.Filter, call.Cancel);
        var groups = named
            .Select(n => new JsonObject { ["id"] = n.Value.Length == 0 ? Dimension.None : n.Value, ["name"] = n.Name })
            .ToList();
        if (read.Groups.Contains(Other))
        {
            groups.Add(new JsonObject { ["id"] = Other, ["name"] = Other });
        }

        var chosen = metric ?? Metric.All[0];
        return Charts(
            read,
            bucket => new JsonObject { ["values"] = Each(bucket, chosen.Node) },
            ("groups", new JsonArray([.. groups])),
            ("metric", chosen.Word),
            ("group_by", by.Word)
        );
    }

    private async Task<Reply> PlainAsync(Call call, Func<LogSums, JsonObject> view, bool withLatency = false, List<Mistake>? noted = null)
    {
        var mistakes = noted ?? [];
        return await ReadAsync(call, null, withLatency, mistakes) is { } read
            ? Charts(read, bucket => view(bucket.GetValueOrDefault("") ?? Nothing))
            : Reply.Bad(mistakes);
    }

    private async Task<Reply> CostAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        return await ReadAsync(call, LogDimension.Model, withLatency: false, mistakes) is { } read
            ? Charts(
                read,
                bucket => new JsonObject
                {
                    ["total_cost"] = Dollars.Write(bucket.Values.Sum(static s => s.Cost)),
                    ["by_model"] = Each(bucket, Cost),
                },
                ("models", Listed(read.Groups))
            )
            : Reply.Bad(mistakes);
    }

    private async Task<Reply> ModelsAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        return await ReadAsync(call, LogDimension.Model, withLatency: false, mistakes) is { } read
            ? Charts(
                read,
                bucket => new JsonObject
                {
                    ["by_model"] = Each(
                        bucket,
                        static s => new JsonObject
                        {
                            ["total"] = s.Requests,
                            ["success"] = SumsView.Successes(s),
                            ["error"] = s.Errors,
                            ["cancelled"] = s.Cancelled,
                        }
                    ),
                },
                ("models", Listed(read.Groups))
            )
            : Reply.Bad(mistakes);
    }

    private async Task<Reply> ByProviderAsync(Call call, Func<LogSums, JsonNode?> view, bool withLatency = false)
    {
        var mistakes = new List<Mistake>();
        return await ReadAsync(call, LogDimension.Provider, withLatency, mistakes) is { } read
            ? Charts(read, bucket => new JsonObject { ["by_provider"] = Each(bucket, view) }, ("providers", Listed(read.Groups)))
            : Reply.Bad(mistakes);
    }

    /// <summary>Null: there were mistakes.</summary>
    private async Task<Chart?> ReadAsync(Call call, LogDimension? by, bool withLatency, List<Mistake> mistakes)
    {
        var asked = FilterReading.Of(call, mistakes);
        var top = by is null ? UsualGroups : call.Whole("top", mistakes) ?? UsualGroups;
        if (top is < 1 or > MostGroups)
        {
            mistakes.Add(new Mistake("top", $"is {top}. Write a whole number from 1 to {MostGroups}."));
        }

        var wasGiven = asked.From is not null || asked.To is not null;
        var filter = asked.From < asked.To || asked.From is null || asked.To is null ? Span.Bounded(asked, clock) : asked;
        var span = Span.Of(call, filter, wasGiven, mistakes);
        if (mistakes.Count > 0)
        {
            return null;
        }

        var query = new LogAggregateQuery(filter, span.BucketSeconds, by, by is null ? null : top, withLatency);
        var sums = new Dictionary<long, Dictionary<string, LogSums>>();
        var groups = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var bucket in await store.AggregateAsync(query, call.Cancel))
        {
            var (start, group) = (bucket.Start ?? span.From, bucket.Group ?? "");
            if (!sums.TryGetValue(start, out var inside))
            {
                sums[start] = inside = new Dictionary<string, LogSums>(StringComparer.Ordinal);
            }

            inside[group] = bucket.Sums;
            groups[group] = groups.GetValueOrDefault(group) + bucket.Sums.Requests;
        }

        return new Chart(filter, span, sums, [.. groups.OrderByDescending(static g => g.Value).Select(static g => g.Key)]);
    }

    private static Reply Charts(
        Chart chart,
        Func<IReadOnlyDictionary<string, LogSums>, JsonObject> view,
        params ReadOnlySpan<(string Member, JsonNode Value)> more
    )
    {
        var buckets = new JsonArray();
        foreach (var start in chart.Span.Starts())
        {
            var shown = new JsonObject { ["timestamp"] = Micros.Write(start) };
            foreach (var (member, value) in view(chart.Sums.GetValueOrDefault(start) ?? []).ToList())
            {
                shown[member] = value?.DeepClone();
            }

            buckets.Add(shown);
        }

        var answer = new JsonObject { ["buckets"] = buckets, ["bucket_size_seconds"] = chart.Span.BucketSeconds };
        foreach (var (member, value) in more)
        {
            answer[member] = value;
        }

        return Reply.Ok(answer);
    }

    private static JsonObject Each(IReadOnlyDictionary<string, LogSums> bucket, Func<LogSums, JsonNode?> view)
    {
        var each = new JsonObject();
        foreach (var (group, sums) in bucket)
        {
            each[group.Length == 0 ? Dimension.None : group] = view(sums);
        }

        return each;
    }

    private static JsonArray Listed(IReadOnlyList<string> groups) =>
        new([.. groups.Select(static g => JsonValue.Create(g.Length == 0 ? Dimension.None : g))]);

    private static JsonNode Cost(LogSums sums) => Dollars.Write(sums.Cost);

    private static JsonObject Counts(LogSums sums) =>
        new()
        {
            ["count"] = sums.Requests,
            ["success"] = SumsView.Successes(sums),
            ["error"] = sums.Errors,
            ["cancelled"] = sums.Cancelled,
        };

    private static JsonObject Tokens(LogSums sums) =>
        new()
        {
            ["prompt_tokens"] = sums.InputTokens,
            ["completion_tokens"] = sums.OutputTokens,
            ["total_tokens"] = SumsView.Tokens(sums),
            ["cached_read_tokens"] = sums.CachedReadTokens,
        };

    private static JsonObject Latency(LogSums sums) =>
        new()
        {
            ["avg_latency"] = SumsView.Average(sums.Latency),
            ["p90_latency"] = SumsView.Quantile(sums.Latency, 0.9),
            ["p95_latency"] = SumsView.Quantile(sums.Latency, 0.95),
            ["p99_latency"] = SumsView.Quantile(sums.Latency, 0.99),
            ["total_requests"] = sums.Requests,
        };

    private const string Other = "other";

    private sealed record Chart(
        LogFilter Filter,
        Span Span,
        IReadOnlyDictionary<long, Dictionary<string, LogSums>> Sums,
        IReadOnlyList<string> Groups
    );
}
