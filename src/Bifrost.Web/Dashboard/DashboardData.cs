using Bifrost.Web.Parts;

namespace Bifrost.Web.Dashboard;

/// <summary>Sums over a period.</summary>
public sealed record Totals(
    double TotalRequests,
    double? SuccessRate,
    double? AverageLatency,
    double TotalTokens,
    double PromptTokens,
    double CompletionTokens,
    double CachedReadTokens,
    decimal TotalCost,
    double ErrorCount,
    double CancelledCount,
    double MissingCostCount,
    double EstimatedCostCount,
    Percentiles? Latency,
    Percentiles? TimeToFirstByte
);

/// <summary>Milliseconds below which so many in a hundred stay.</summary>
public sealed record Percentiles(double? P50, double? P90, double? P95, double? P99);

/// <summary>Requests over time.</summary>
public sealed record Volume(List<VolumeBucket> Buckets, long BucketSizeSeconds);

/// <summary>Requests within one stretch of time.</summary>
public sealed record VolumeBucket(DateTimeOffset Timestamp, double Success, double Error, double Cancelled);

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
public sealed record BudgetList(List<BudgetRow> Budgets);

/// <summary>A budget, and how it stands.</summary>
public sealed record BudgetRow(
    string Id,
    decimal EffectiveMaxLimit,
    decimal CurrentUsage,
    decimal Reserved,
    string ResetDuration,
    DateTimeOffset? NextReset,
    string OwnerType,
    string OwnerId,
    string OwnerName
);

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
