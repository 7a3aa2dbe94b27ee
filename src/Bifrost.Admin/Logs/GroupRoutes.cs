using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>Who and what, side by side: any dimension with its sums, models ranked, and the values there are to filter by.</summary>
internal sealed class GroupRoutes(LogParts log, LogNames names, TimeProvider clock)
{
    private const int Most = 1000;
    private const int MostValues = 500;
    private const int MostMetadataValues = 100;

    private static readonly IReadOnlyList<(string Word, bool Value)> Orders = [("desc", true), ("asc", false)];

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/logs/groups", "Sums by any dimension.", GroupsAsync)
            {
                Group = LogRoutes.Group,
                Query =
                [
                    .. FilterReading.Parameters,
                    new("by", $"{string.Join(", ", Dimension.Words)}."),
                    new("sort_by", $"{Metric.Words}. Usual: cost."),
                    new("order", "desc or asc."),
                    new("limit", $"Groups on a page: 100, at most {Most}.", FieldKind.Whole),
                    new("offset", "Groups to pass over.", FieldKind.Whole),
                ],
                Answer = "`groups`, each with `id`, `name` and sums; `total_count`, and what all of them add up to in `total`.",
                Refusals = [400],
            },
            new(
                "GET",
                "/api/logs/rankings",
                "Models at their providers, the busiest first, and how they do against the time before.",
                RankAsync
            )
            {
                Group = LogRoutes.Group,
                Query = [.. FilterReading.Parameters, new("limit", "Models at most: 100, up to 1000.", FieldKind.Whole)],
                Answer = "`rankings`, each with sums and its `trend`: percent against the time before, of equal length.",
                Refusals = [400],
            },
            new("GET", "/api/logs/filterdata", "The values there are to filter by, the most frequent first.", ValuesAsync)
            {
                Group = LogRoutes.Group,
                Query = FilterReading.Parameters,
                Answer =
                    "A list for each dimension, those of ids with names, and `metadata_keys`. Without a start: of the last thirty days.",
                Refusals = [400],
            },
        ];

    /// <summary>The dimension named, or null; what is no dimension is noted.</summary>
    public static Dimension? By(Call call, string parameter, List<Mistake> mistakes) =>
        Choice.Of(call, parameter, [.. Dimension.All.Select(static d => (d.Word, (Dimension?)d))], null, mistakes);

    private async Task<Reply> GroupsAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        var by = By(call, "by", mistakes);
        if (call.Text("by") is null)
        {
            mistakes.Add(new Mistake("by", $"is missing. It is one of {string.Join(", ", Dimension.Words)}."));
        }

        var sort = Choice.Of(call, "sort_by", Metric.Choices, Metric.All.First(m => m.Word == "cost"), mistakes)!;
        var descending = Choice.Of(call, "order", Orders, true, mistakes);
        var limit = Limit(call, mistakes);
        var offset = call.Whole("offset", mistakes) ?? 0;
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        var bounded = Span.Bounded(filter, clock);
        var groups = await log.Store.AggregateAsync(new LogAggregateQuery(bounded, null, by!.Kind), call.Cancel);
        var sorted = groups.OrderBy(g => sort.Of(g.Sums) is null).ThenBy(g => (descending ? -1 : 1) * (sort.Of(g.Sums) ?? 0));
        var page = sorted.ThenBy(g => g.Group, StringComparer.Ordinal).Skip(offset).Take(limit).ToList();
        var named = await names.NamedAsync(by.Kind, page.Select(static g => g.Group ?? ""), bounded, call.Cancel);
        return Reply.Ok(
            new JsonObject
            {
                ["by"] = by.Word,
                ["groups"] = new JsonArray([.. page.Zip(named, static (g, n) => Grouped(n, g.Sums))]),
                ["total_count"] = groups.Count,
                ["limit"] = limit,
                ["offset"] = offset,
                ["start_time"] = Micros.Write(bounded.From!.Value),
                ["end_time"] = Micros.Write(bounded.To!.Value),
                ["total"] = new JsonObject
                {
                    ["total_requests"] = groups.Sum(static g => g.Sums.Requests),
                    ["total_tokens"] = groups.Sum(static g => SumsView.Tokens(g.Sums)),
                    ["total_cost"] = Dollars.Write(groups.Sum(static g => g.Sums.Cost)),
                },
            }
        );
    }

    private async Task<Reply> RankAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        var limit = Limit(call, mistakes);
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        var now = Span.Bounded(filter, clock);
        var before = now with { From = now.From - (now.To - now.From), To = now.From };
        var then = (await ModelsAsync(before, call.Cancel)).ToDictionary(static m => (m.Provider, m.Model), static m => m.Sums);
        var ranked = (await ModelsAsync(now, call.Cancel))
            .OrderByDescending(static m => m.Sums.Requests)
            .ThenBy(static m => m.Model, StringComparer.Ordinal)
            .Take(limit);
        return Reply.Ok(
            new JsonObject
            {
                ["rankings"] = new JsonArray([.. ranked.Select(m => Ranking.Of(m, then.GetValueOrDefault((m.Provider, m.Model))))]),
                ["start_time"] = Micros.Write(now.From!.Value),
                ["end_time"] = Micros.Write(now.To!.Value),
            }
        );
    }

    /// <summary>One question for each provider: roll-ups are grouped by one dimension at a time.</summary>
    private async Task<IReadOnlyList<RankedModel>> ModelsAsync(LogFilter filter, CancellationToken cancel)
    {
        var ranked = new List<RankedModel>();
        foreach (var provider in await log.Store.AggregateAsync(new LogAggregateQuery(filter, null, LogDimension.Provider), cancel))
        {
            var values = new Dictionary<LogDimension, IReadOnlyList<string>>(filter.Values)
            {
                [LogDimension.Provider] = [provider.Group ?? ""],
            };
            var models = new LogAggregateQuery(filter with { Values = values }, null, LogDimension.Model);
            foreach (var model in await log.Store.AggregateAsync(models, cancel))
            {
                ranked.Add(new RankedModel(provider.Group ?? "", model.Group ?? "", model.Sums));
            }
        }

        return ranked;
    }

    private async Task<Reply> ValuesAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        var bounded = Span.Bounded(filter, clock);
        var answer = new JsonObject();
        foreach (var dimension in Dimension.All)
        {
            var found = await log.Store.DistinctAsync(dimension.Kind, bounded, MostValues, call.Cancel);
            var values = found.Where(static v => v.Length > 0);
            answer[dimension.Member] = HasIds(dimension.Kind)
                ? Named(await names.NamedAsync(dimension.Kind, values, bounded, call.Cancel))
                : new JsonArray([.. values.Select(static v => JsonValue.Create(v))]);
        }

        // Published; there are no routing rules yet, so that no row has any.
        answer["routing_rules"] = new JsonArray();
        answer["routing_engines"] = new JsonArray();
        var metadata = new JsonObject();
        foreach (var (name, values) in await log.Store.MetadataAsync(bounded, MostMetadataValues, call.Cancel))
        {
            // Every row's is another; nobody picks one from a list.
            if (name != LogRow.TraceIdKey)
            {
                metadata[name] = new JsonArray([.. values.Select(static v => JsonValue.Create(v))]);
            }
        }

        answer["metadata_keys"] = metadata;
        return Reply.Ok(answer);
    }

    private JsonArray Named(IReadOnlyList<NamedValue> values) =>
        new([
            .. values
                .Where(v => !v.IsDeleted || !log.HidesDeleted())
                .Select(static v => new JsonObject
                {
                    ["id"] = v.Value,
                    ["name"] = v.Name,
                    ["deleted"] = v.IsDeleted,
                }),
        ]);

    private static JsonObject Grouped(NamedValue named, LogSums sums)
    {
        var view = new JsonObject
        {
            ["id"] = named.Value.Length == 0 ? Dimension.None : named.Value,
            ["name"] = named.Name,
            ["deleted"] = named.IsDeleted,
        };
        foreach (var (member, value) in SumsView.Of(sums))
        {
            view[member] = value?.DeepClone();
        }

        return view;
    }

    private static bool HasIds(LogDimension dimension) =>
        dimension
            is LogDimension.VirtualKey
                or LogDimension.ProviderKey
                or LogDimension.Team
                or LogDimension.BusinessUnit
                or LogDimension.Customer
                or LogDimension.User;

    private static int Limit(Call call, List<Mistake> mistakes)
    {
        var limit = call.Whole("limit", mistakes) ?? 100;
        if (limit is < 1 or > Most)
        {
            mistakes.Add(new Mistake("limit", $"is {limit}. Write a whole number from 1 to {Most}."));
        }

        return limit;
    }
}
