using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Tests.Logs;

/// <summary>The answers as one would work them out with all rows on the table.</summary>
internal static class Naive
{
    public static IEnumerable<LogRow> Matching(IEnumerable<LogRow> rows, LogFilter filter) => rows.Where(row => Matches(row, filter));

    public static string ValueOf(LogRow row, LogDimension dimension) =>
        dimension switch
        {
            LogDimension.VirtualKey => row.VirtualKeyId ?? "",
            LogDimension.Team => row.TeamId ?? "",
            LogDimension.BusinessUnit => row.BusinessUnitId ?? "",
            LogDimension.Customer => row.CustomerId ?? "",
            LogDimension.User => row.UserId ?? "",
            LogDimension.Provider => row.Provider ?? "",
            LogDimension.ProviderKey => row.ProviderKeyId ?? "",
            LogDimension.Model => row.SentModel ?? row.AskedModel,
            LogDimension.Operation => row.Operation,
            LogDimension.Status => row.Status switch
            {
                LogStatus.Error => "error",
                LogStatus.Cancelled => "cancelled",
                _ => "success",
            },
            LogDimension.Fault => row.Fault ?? "",
            LogDimension.Lane => row.Lane ?? "",
            _ => row.Streamed ? "true" : "false",
        };

    public static List<string> Page(IEnumerable<LogRow> rows, LogPageQuery query)
    {
        long Value(LogRow row) =>
            query.Sort switch
            {
                LogSort.Latency => row.Latency,
                LogSort.Tokens => row.InputTokens + row.OutputTokens,
                LogSort.Cost => row.Cost ?? -1,
                _ => row.At,
            };

        var all = Matching(rows, query.Filter);
        // Rows of one moment stand in an order that the store chooses; their values alone can be foretold.
        return (query.Descending ? all.OrderByDescending(Value).ThenByDescending(row => row.At) : all.OrderBy(Value).ThenBy(row => row.At))
            .Skip(query.Offset)
            .Take(query.Limit)
            .Select(row => Describe(row, query.Sort))
            .ToList();
    }

    public static string Describe(LogRow row, LogSort sort) =>
        sort switch
        {
            LogSort.Latency => $"{row.Latency} at {row.At}",
            LogSort.Tokens => $"{row.InputTokens + row.OutputTokens} at {row.At}",
            LogSort.Cost => $"{row.Cost} at {row.At}",
            _ => $"{row.At}",
        };

    public static List<string> Aggregate(IEnumerable<LogRow> rows, LogAggregateQuery query)
    {
        var matching = Matching(rows, query.Filter).ToList();
        string? Group(LogRow row) => query.GroupBy is { } dimension ? ValueOf(row, dimension) : null;

        HashSet<string?>? top = query is { GroupBy: not null, Top: { } most }
            ? matching
                .GroupBy(Group)
                .OrderByDescending(group => group.Sum(row => row.Cost ?? 0))
                .ThenByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Take(most)
                .Select(group => group.Key)
                .ToHashSet()
            : null;
        return matching
            .GroupBy(row =>
                (
                    Start: query.BucketSeconds is { } seconds ? row.At - (row.At % (seconds * 1_000_000L)) : (long?)null,
                    Group: top?.Contains(Group(row)) != false ? Group(row) : "other"
                )
            )
            .OrderBy(group => group.Key.Start)
            .ThenBy(group => group.Key.Group, StringComparer.Ordinal)
            .Select(group => Describe(new LogBucket(group.Key.Start, group.Key.Group, Sum(group.ToList()))))
            .ToList();
    }

    public static string Describe(LogBucket bucket) =>
        $"{bucket.Start} {bucket.Group}: "
        + (bucket.Sums with { Latency = LatencySketch.Empty, FirstByte = LatencySketch.Empty })
        + $" {string.Join(" ", bucket.Sums.Latency.Bins)} | {string.Join(" ", bucket.Sums.FirstByte.Bins)}";

    private static LogSums Sum(List<LogRow> rows) =>
        new()
        {
            Requests = rows.Count,
            Errors = rows.Count(row => row.Status == LogStatus.Error),
            Cancelled = rows.Count(row => row.Status == LogStatus.Cancelled),
            InputTokens = rows.Sum(row => row.InputTokens),
            OutputTokens = rows.Sum(row => row.OutputTokens),
            CachedReadTokens = rows.Sum(row => row.CachedReadTokens),
            ReasoningTokens = rows.Sum(row => row.ReasoningTokens),
            Images = rows.Sum(row => row.Images),
            Cost = rows.Sum(row => row.Cost ?? 0),
            Unpriced = rows.Count(row => row.Cost is null),
            Estimated = rows.Count(row => row.Estimated),
            Latency = Sketch(rows.Select(row => row.Latency)),
            FirstByte = Sketch(rows.Where(row => row.FirstByte is not null).Select(row => row.FirstByte!.Value)),
        };

    private static LatencySketch Sketch(IEnumerable<long> values) =>
        LatencySketch.Of(values.GroupBy(LatencySketch.BinOf).ToDictionary(bin => bin.Key, bin => bin.LongCount()));

    private static bool Matches(LogRow row, LogFilter filter) =>
        row.At >= (filter.From ?? long.MinValue)
        && row.At < (filter.To ?? long.MaxValue)
        && filter.Values.All(wanted => wanted.Value.Contains(ValueOf(row, wanted.Key)))
        && Inside(filter.Latency, row.Latency)
        && Inside(filter.Tokens, row.InputTokens + row.OutputTokens)
        && Inside(filter.Cost, row.Cost)
        && (!filter.MissingCostOnly || row.Cost is null)
        && filter.Metadata.All(pair => row.Metadata.Contains(pair));

    private static bool Inside(LogRange<long>? range, long? value) =>
        range is not { } wanted || (value is { } there && there >= (wanted.Min ?? long.MinValue) && there <= (wanted.Max ?? long.MaxValue));
}
