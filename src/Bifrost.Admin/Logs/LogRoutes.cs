using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>Rows of the request log: listed, one of them with its content, added up, removed.</summary>
internal sealed class LogRoutes(LogParts log, LogNames names)
{
    public const string Group = "Logs";
    private const int Usual = 50;
    private const int Most = 1000;
    private const int MostPassedOver = 100_000;
    private const int MostCounted = 10_000;
    private const int MostPreviews = 200;

    // Contents can be large: only so many are in memory at once.
    private const int PreviewsAtOnce = 10;
    private static readonly TimeSpan CountedWithin = TimeSpan.FromMilliseconds(100);

    private static readonly (string Word, LogSort Sort)[] Sorts =
    [
        ("timestamp", LogSort.Time),
        ("latency", LogSort.Latency),
        ("tokens", LogSort.Tokens),
        ("cost", LogSort.Cost),
    ];

    private static readonly Shape Ids = new(
        "LogIds",
        [new("ids", FieldKind.Texts, $"Of rows, at most {Most}.") { Required = true, Longest = 300 }]
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/logs", "Lists requests.", ListAsync)
            {
                Group = Group,
                Query =
                [
                    .. FilterReading.Parameters,
                    new("limit", "Rows on a page: 50, at most 1000.", FieldKind.Whole),
                    new(
                        "offset",
                        $"Rows to pass over, at most {MostPassedOver}. `after` is faster and goes on however far.",
                        FieldKind.Whole
                    ),
                    new("after", "`pagination.next_after` of the page before: goes on there, whatever was added in between."),
                    new("sort_by", "timestamp, latency, tokens or cost."),
                    new("order", "desc or asc."),
                    new(
                        "stats",
                        "Whether to add up all that match. Usual: on the first page, where only time and dimensions are filtered by.",
                        FieldKind.Flag
                    ),
                ],
                Answer =
                    "`logs`, `pagination` (where only rows can be counted, counting ends at 10,000 and after a tenth of a second: then "
                    + "`total_count_capped` is true, and there are at least `total_count`), "
                    + "`stats` or null, and `has_logs`: whether there is any row at all.",
                Refusals = [400],
            },
            new("GET", "/api/logs/{id}", "One request, and with `payload=true` what was asked and answered.", OneAsync)
            {
                Group = Group,
                Query = [new("payload", "Whether to show what was asked and answered.", FieldKind.Flag)],
                Answer = "The row, `cost_lines`, `names` of its ids, and `payload` when it was asked for and is kept.",
                Refusals = [400, 404],
            },
            new("GET", "/api/logs/previews", "What was asked last in some requests, on one line each.", PreviewsAsync)
            {
                Group = Group,
                Query = [new("ids", $"Of requests, with commas between, at most {MostPreviews}.")],
                Answer = "`previews` by id. Requests of which no content is kept are not among them.",
                Refusals = [400],
            },
            new("GET", "/api/logs/stats", "What all requests that match add up to.", StatsAsync)
            {
                Group = Group,
                Query = FilterReading.Parameters,
                Answer = "Counts, tokens, dollars, and milliseconds with percentiles.",
                Refusals = [400],
            },
            new("GET", "/api/logs/dropped", "What is missing in the log, since the start.", DroppedAsync)
            {
                Group = Group,
                Answer =
                    "`dropped_requests`, `dropped_payloads`, and both by reason; `recovered_requests`: rows that were made again from the ledger.",
            },
            new("DELETE", "/api/logs", "Removes requests from the log, their content, and what they added to its sums.", DeleteAsync)
            {
                Group = Group,
                Body = Ids,
                Answer = "`message` and how many were `deleted`.",
                Refusals = [400, 413, 415],
            },
        ];

    private async Task<Reply> ListAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        var limit = Bounded(call, "limit", Usual, 1, Most, mistakes);
        var offset = Bounded(call, "offset", 0, 0, MostPassedOver, mistakes);
        var sort = Choice.Of(call, "sort_by", Sorts, LogSort.Time, mistakes);
        var descending = Choice.Of(call, "order", [("desc", true), ("asc", false)], true, mistakes);
        var after = call.Text("after");
        bool? stats = call.Text("stats") is null ? null : Choice.Of(call, "stats", [("true", true), ("false", false)], true, mistakes);
        if (after is not null && offset > 0)
        {
            mistakes.Add(new Mistake("offset", "cannot be given together with `after`."));
        }

        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        // Beside each other: counting may take a tenth of a second.
        var reading = log.Store.PageAsync(new LogPageQuery(filter, sort, descending, limit, after, offset), call.Cancel);
        var counting = CountAsync(filter, stats ?? (filter.IsPlain && after is null), isFirst: after is null, call.Cancel);
        try
        {
            await Task.WhenAll(reading, counting);
        }
        catch (FormatException) when (after is not null)
        {
            return Reply.Bad("after", $"{Shown.Quoted(after)} is no `next_after` of a page sorted like this.");
        }

        var (page, (sums, count)) = (await reading, await counting);
        return Reply.Ok(
            new JsonObject
            {
                ["logs"] = new JsonArray([.. page.Rows.Select(RowView.Of)]),
                ["pagination"] = new JsonObject
                {
                    ["limit"] = limit,
                    ["offset"] = offset,
                    ["sort_by"] = Sorts.First(s => s.Sort == sort).Word,
                    ["order"] = descending ? "desc" : "asc",
                    // A page that is counted sooner than its rows still has them.
                    ["total_count"] = TotalOf(count, page.Rows.Count == 0 ? 0 : offset + page.Rows.Count),
                    ["total_count_capped"] = count is { IsExact: false },
                    ["next_after"] = page.Next,
                },
                ["stats"] = sums is null ? null : SumsView.Of(sums),
                ["has_logs"] = page.Rows.Count > 0 || await log.Store.CountAsync(new LogFilter(), 1, call.Cancel) > 0,
            }
        );
    }

    /// <summary>How many match: added up where that is asked for, counted for a first page, otherwise not known.</summary>
    private async Task<(LogSums? Sums, LogCount? Count)> CountAsync(LogFilter filter, bool sums, bool isFirst, CancellationToken cancel)
    {
        if (sums)
        {
            var all = await SumAsync(filter, cancel);
            return (all, new LogCount(all.Requests, IsExact: true));
        }

        return (null, isFirst ? await log.Store.CountAsync(filter, MostCounted, CountedWithin, cancel) : null);
    }

    private static long? TotalOf(LogCount? count, int shown) => count is { } known ? Math.Max(known.Rows, shown) : null;

    private async Task<Reply> OneAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var asked = Choice.Of(call, "payload", [("true", true), ("false", false)], false, mistakes);
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        if (await log.Store.FindAsync(call["id"], call.Cancel) is not { } row)
        {
            return Reply.NotFound("request", call["id"]);
        }

        var view = RowView.Of(row);
        view["cost_lines"] = RowView.CostLines(row);
        view["names"] = NamesOf(row);
        if (asked)
        {
            view["payload"] = await log.Store.PayloadAsync(row.Id, call.Cancel) is { } payload ? PayloadView.Of(payload) : null;
        }

        return Reply.Ok(view);
    }

    private async Task<Reply> PreviewsAsync(Call call)
    {
        var ids = call.Text("ids")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (ids.Length is 0 or > MostPreviews)
        {
            return Reply.Bad("ids", ids.Length == 0 ? "is missing." : $"has {ids.Length} ids. {MostPreviews} is the most.");
        }

        var previews = new JsonObject();
        foreach (var some in ids.Chunk(PreviewsAtOnce))
        {
            foreach (var payload in await log.Store.PayloadsAsync(some, call.Cancel))
            {
                previews[payload.Id] = Preview.Of(payload);
            }
        }

        return Reply.Ok(new JsonObject { ["previews"] = previews });
    }

    private async Task<Reply> StatsAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        return mistakes.Count > 0 ? Reply.Bad(mistakes) : Reply.Ok(SumsView.Of(await SumAsync(filter, call.Cancel)));
    }

    private Task<Reply> DroppedAsync(Call call)
    {
        var reasons = new JsonObject();
        foreach (var reason in Enum.GetValues<LogDropReason>())
        {
            reasons[LogDrops.Word(reason)] = new JsonObject
            {
                ["requests"] = log.Drops.RowsBy(reason),
                ["payloads"] = log.Drops.ContentsBy(reason),
            };
        }

        return Task.FromResult(
            Reply.Ok(
                new JsonObject
                {
                    ["dropped_requests"] = log.Drops.Rows,
                    ["dropped_payloads"] = log.Drops.Contents,
                    ["recovered_requests"] = log.Drops.Recovered,
                    ["by_reason"] = reasons,
                }
            )
        );
    }

    private async Task<Reply> DeleteAsync(Call call)
    {
        var ids = call.Body.Texts("ids").Value ?? [];
        if (ids.Count is 0 or > Most)
        {
            return Reply.Bad("ids", ids.Count == 0 ? "is empty." : $"has {ids.Count} ids. {Most} is the most.");
        }

        var deleted = await log.Store.DeleteAsync(ids, call.Cancel);
        return Reply.Ok(new JsonObject { ["message"] = $"{deleted} of {ids.Count} removed.", ["deleted"] = deleted });
    }

    private async Task<LogSums> SumAsync(LogFilter filter, CancellationToken cancel) =>
        await log.Store.AggregateAsync(new LogAggregateQuery(filter, null, null), cancel) is [var all, ..] ? all.Sums : new LogSums();

    private JsonObject NamesOf(LogRow row)
    {
        var shown = new JsonObject();
        foreach (
            var (member, dimension, id) in new (string, LogDimension, string?)[]
            {
                ("team", LogDimension.Team, row.TeamId),
                ("business_unit", LogDimension.BusinessUnit, row.BusinessUnitId),
                ("customer", LogDimension.Customer, row.CustomerId),
                ("user", LogDimension.User, row.UserId),
            }
        )
        {
            shown[member] = id is null ? null : names.NameOf(dimension, id);
        }

        return shown;
    }

    private static int Bounded(Call call, string parameter, int usual, int least, int most, List<Mistake> mistakes)
    {
        var value = call.Whole(parameter, mistakes) ?? usual;
        if (value < least || value > most)
        {
            mistakes.Add(new Mistake(parameter, $"is {value}. Write a whole number from {least} to {most}."));
        }

        return value;
    }
}
