using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Stores;

/// <summary>Keeps the request log and its roll-ups. Thread-safe. Questions about sums are answered from roll-ups wherever the filter allows.</summary>
public interface ILogStore
{
    /// <summary>One transaction: rows, payloads and the roll-ups they change. A row that is there already is skipped and adds nothing.</summary>
    Task AppendAsync(IReadOnlyList<LogRow> rows, IReadOnlyList<LogPayload> payloads, CancellationToken cancel);

    /// <exception cref="FormatException"><see cref="LogPageQuery.After"/> is no cursor, or one of another order.</exception>
    Task<LogPage> PageAsync(LogPageQuery query, CancellationToken cancel);

    /// <summary>How many rows match; exact up to <paramref name="most"/>, then that.</summary>
    Task<long> CountAsync(LogFilter filter, long most, CancellationToken cancel);

    /// <summary>How many rows match, as far as can be counted up to <paramref name="most"/> and within a time.</summary>
    Task<LogCount> CountAsync(LogFilter filter, long most, TimeSpan within, CancellationToken cancel);

    Task<IReadOnlyList<LogBucket>> AggregateAsync(LogAggregateQuery query, CancellationToken cancel);

    /// <summary>Values of a dimension in a time range, the most frequent first.</summary>
    Task<IReadOnlyList<string>> DistinctAsync(LogDimension dimension, LogFilter filter, int limit, CancellationToken cancel);

    /// <summary>Names of metadata and their most frequent values.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> MetadataAsync(LogFilter filter, int limit, CancellationToken cancel);

    Task<LogRow?> FindAsync(string id, CancellationToken cancel);

    Task<LogPayload?> PayloadAsync(string id, CancellationToken cancel);

    /// <summary>Of several rows, in no order; those without are left out.</summary>
    Task<IReadOnlyList<LogPayload>> PayloadsAsync(IReadOnlyList<string> ids, CancellationToken cancel);

    /// <summary>All rows that match, oldest first, streamed.</summary>
    IAsyncEnumerable<LogRow> ReadAsync(LogFilter filter, CancellationToken cancel);

    /// <summary>Removes rows and payloads and takes them out of the roll-ups.</summary>
    Task<int> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancel);

    /// <summary>Replaces the cost of rows, and the roll-ups they are in.</summary>
    Task RepriceAsync(IReadOnlyList<RepricedRow> rows, CancellationToken cancel);

    /// <summary>Removes what is older than the limits, in small steps; roll-ups have limits of their own. Returns the rows removed.</summary>
    Task<long> RetainAsync(LogRetention retention, CancellationToken cancel);

    Task PingAsync(CancellationToken cancel);

    /// <summary>Which of these rows' ids are there, with a moment from a day before the row's to a minute after it.</summary>
    Task<IReadOnlySet<string>> KnownAsync(IReadOnlyList<LogRow> rows, CancellationToken cancel);

    /// <summary>The moment kept under this name, or null.</summary>
    Task<long?> MarkAsync(string name, CancellationToken cancel);

    Task SetMarkAsync(string name, long moment, CancellationToken cancel);
}

/// <param name="Id">Of the row.</param>
/// <param name="Cost">Nanodollars.</param>
/// <param name="PriceVersion">What it was computed with.</param>
/// <param name="CostLines">See <see cref="LogRow.CostLines"/>.</param>
public sealed record RepricedRow(string Id, long Cost, string PriceVersion, string CostLines);

/// <param name="RowsBefore">Unix microseconds: rows and payloads before go.</param>
/// <param name="PayloadsBefore">Unix microseconds: payloads before go.</param>
/// <param name="MaxBytes">Of rows and payloads together; the oldest go first. Null: no limit.</param>
public sealed record LogRetention(long RowsBefore, long PayloadsBefore, long? MaxBytes);
