using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Stores;

/// <summary>Which rows. Everything set must hold; within a list any value may.</summary>
public sealed record LogFilter
{
    /// <summary>Unix microseconds, inclusive.</summary>
    public long? From { get; init; }

    /// <summary>Unix microseconds, exclusive.</summary>
    public long? To { get; init; }

    /// <summary>Values wanted of a dimension; an empty string means "none".</summary>
    public IReadOnlyDictionary<LogDimension, IReadOnlyList<string>> Values { get; init; } =
        new Dictionary<LogDimension, IReadOnlyList<string>>();

    public LogRange<long>? Latency { get; init; }

    public LogRange<long>? Tokens { get; init; }

    /// <summary>Nanodollars.</summary>
    public LogRange<long>? Cost { get; init; }

    public bool MissingCostOnly { get; init; }

    /// <summary>Name and value, both exact.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Words that prompt or answer must hold, or null.</summary>
    public string? Text { get; init; }

    /// <summary>Only time and dimensions are asked: the roll-ups can answer.</summary>
    public bool IsPlain => Latency is null && Tokens is null && Cost is null && !MissingCostOnly && Metadata.Count == 0 && Text is null;
}

public readonly record struct LogRange<T>(T? Min, T? Max)
    where T : struct;

/// <summary>What rows can be filtered and grouped by.</summary>
public enum LogDimension
{
    VirtualKey,
    Team,
    BusinessUnit,
    Customer,
    User,
    Provider,
    ProviderKey,

    /// <summary>The model sent, or asked where nothing was sent.</summary>
    Model,
    Operation,
    Status,
    Fault,
    Lane,
    Streamed,
}

public enum LogSort
{
    Time,
    Latency,
    Tokens,
    Cost,
}

/// <param name="Filter">Which rows.</param>
/// <param name="Sort">By what.</param>
/// <param name="Descending">Newest, slowest, dearest first.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="After">The cursor of the page before (<see cref="LogPage.Next"/>), or null.</param>
/// <param name="Offset">As published; a cursor is faster.</param>
public sealed record LogPageQuery(LogFilter Filter, LogSort Sort, bool Descending, int Limit, string? After, int Offset = 0);

/// <param name="Rows">At most the limit.</param>
/// <param name="Next">Cursor of the next page, or null at the end.</param>
public sealed record LogPage(IReadOnlyList<LogRow> Rows, string? Next);

/// <summary>Sums over rows. Mergeable.</summary>
public sealed record LogSums
{
    public long Requests { get; init; }

    public long Errors { get; init; }

    public long Cancelled { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long CachedReadTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public long Images { get; init; }

    /// <summary>Nanodollars.</summary>
    public long Cost { get; init; }

    /// <summary>Rows without a price.</summary>
    public long Unpriced { get; init; }

    /// <summary>Rows whose cost is estimated.</summary>
    public long Estimated { get; init; }

    /// <summary>Microseconds; percentiles within 2 %.</summary>
    public LatencySketch Latency { get; init; } = LatencySketch.Empty;

    /// <summary>Microseconds to the first byte, of rows that had one.</summary>
    public LatencySketch FirstByte { get; init; } = LatencySketch.Empty;
}

/// <summary>One bucket of one group.</summary>
/// <param name="Start">Unix microseconds; null where no buckets were asked.</param>
/// <param name="Group">Value of the dimension, or null where none was asked.</param>
/// <param name="Sums">What it adds up to.</param>
public sealed record LogBucket(long? Start, string? Group, LogSums Sums);

/// <param name="Filter">Which rows.</param>
/// <param name="BucketSeconds">Width of the buckets, a multiple of 60; null: one.</param>
/// <param name="GroupBy">A dimension, or null.</param>
/// <param name="Top">Groups beyond this many, by cost, are added up under <c>other</c>; null: all.</param>
/// <param name="WithLatency">Whether the latency sketches are wanted, which are most of the work; without, they are empty.</param>
public sealed record LogAggregateQuery(
    LogFilter Filter,
    int? BucketSeconds,
    LogDimension? GroupBy,
    int? Top = null,
    bool WithLatency = true
);

/// <param name="Rows">At least so many.</param>
/// <param name="IsExact">And no more.</param>
public readonly record struct LogCount(long Rows, bool IsExact);
