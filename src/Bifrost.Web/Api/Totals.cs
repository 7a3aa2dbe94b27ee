namespace Bifrost.Web.Api;

/// <summary>What requests add up to.</summary>
public sealed record Totals(
    long TotalRequests,
    double? SuccessRate,
    double? AverageLatency,
    long TotalTokens,
    long PromptTokens,
    long CompletionTokens,
    long CachedReadTokens,
    decimal TotalCost,
    long ErrorCount,
    long CancelledCount,
    long MissingCostCount,
    long EstimatedCostCount,
    Percentiles? Latency,
    Percentiles? TimeToFirstByte
);

/// <summary>Milliseconds below which so many in a hundred stay.</summary>
public sealed record Percentiles(double? P50, double? P90, double? P95, double? P99);

/// <summary>Requests over time.</summary>
public sealed record RequestHistogram(IReadOnlyList<RequestBucket> Buckets, int BucketSizeSeconds);

/// <summary>Requests within one stretch of time.</summary>
public sealed record RequestBucket(DateTimeOffset Timestamp, long Count, long Success, long Error, long Cancelled);
