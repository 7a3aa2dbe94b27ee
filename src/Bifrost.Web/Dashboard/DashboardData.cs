using Bifrost.Web.Api;
using Bifrost.Web.Governance;
using Bifrost.Web.Parts;

namespace Bifrost.Web.Dashboard;

/// <summary>Tokens over time.</summary>
public sealed record Tokens(List<TokenBucket> Buckets);

/// <summary>Tokens within one stretch of time.</summary>
public sealed record TokenBucket(DateTimeOffset Timestamp, double PromptTokens, double CompletionTokens);

/// <summary>Milliseconds over time.</summary>
public sealed record Latencies(List<LatencyBucket> Buckets);

/// <summary>Milliseconds within one stretch of time.</summary>
public sealed record LatencyBucket(DateTimeOffset Timestamp, double? AvgLatency, double? P95Latency, double? P99Latency);

/// <summary>One number over time, by a dimension.</summary>
public sealed record Grouped(List<GroupedBucket> Buckets, List<GroupName>? Groups);

/// <summary>The numbers within one stretch of time, by the group's id.</summary>
public sealed record GroupedBucket(DateTimeOffset Timestamp, Dictionary<string, double?> Values);

/// <summary>What a group is called.</summary>
public sealed record GroupName(string Id, string Name);

/// <summary>One number over time.</summary>
public sealed record Single(List<SingleBucket> Buckets);

/// <summary>A number within one stretch of time.</summary>
public sealed record SingleBucket(DateTimeOffset Timestamp, double? Value);

/// <summary>Sums by a dimension.</summary>
public sealed record GroupList(List<GroupRow> Groups, double TotalCount);

/// <summary>What one group adds up to.</summary>
public sealed record GroupRow(
    string Id,
    string Name,
    bool Deleted,
    double TotalRequests,
    double? SuccessRate,
    double? AverageLatency,
    double TotalTokens,
    decimal TotalCost,
    Percentiles? Latency
);

/// <summary>Budgets with their owners.</summary>
public sealed record NearestBudgets(List<Budget> Budgets);

/// <summary>A chart, ready to be drawn.</summary>
public sealed record ChartView(
    IReadOnlyList<DateTimeOffset> Times,
    IReadOnlyList<ChartSeries> Series,
    bool Lines,
    Func<double, string> Format
)
{
    /// <summary>Bars of counts.</summary>
    public static ChartView Of(IReadOnlyList<DateTimeOffset> times, IReadOnlyList<ChartSeries> series) =>
        new(times, series, false, v => Show.Count(v, brief: true));
}
