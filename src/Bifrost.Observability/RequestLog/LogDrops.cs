namespace Bifrost.Observability.RequestLog;

/// <summary>Why something that happened is not in the log.</summary>
public enum LogDropReason
{
    /// <summary>Too much waited for the store.</summary>
    QueueFull,

    /// <summary>The store is well and takes other rows, but not this.</summary>
    Refused,

    /// <summary>The gateway stopped before it was written.</summary>
    Stopped,

    /// <summary>It could not be made sure that no secret is in it.</summary>
    NotRedacted,
}

/// <summary>What is missing in the log since the start, exactly. Thread-safe.</summary>
public sealed class LogDrops
{
    private readonly long[] _rows = new long[Enum.GetValues<LogDropReason>().Length];
    private long _recovered;
    private readonly long[] _contents = new long[Enum.GetValues<LogDropReason>().Length];

    /// <summary>Whole rows.</summary>
    public long Rows => Sum(_rows);

    /// <summary>Content of rows that were kept.</summary>
    public long Contents => Sum(_contents);

    /// <summary>Rows that were dropped, or lost with a process that died, and were made again from the ledger.</summary>
    public long Recovered => Volatile.Read(ref _recovered);

    public long RowsBy(LogDropReason reason) => Volatile.Read(ref _rows[(int)reason]);

    public long ContentsBy(LogDropReason reason) => Volatile.Read(ref _contents[(int)reason]);

    /// <summary>The reason's word in metrics and answers: <c>queue_full</c>.</summary>
    public static string Word(LogDropReason reason) =>
        reason switch
        {
            LogDropReason.QueueFull => "queue_full",
            LogDropReason.Refused => "refused",
            LogDropReason.Stopped => "stopped",
            _ => "not_redacted",
        };

    internal void CountRows(LogDropReason reason, long count = 1) => Interlocked.Add(ref _rows[(int)reason], count);

    internal void CountContents(LogDropReason reason, long count = 1) => Interlocked.Add(ref _contents[(int)reason], count);

    internal void CountRecovered(long count) => Interlocked.Add(ref _recovered, count);

    private static long Sum(long[] counts)
    {
        var sum = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            sum += Volatile.Read(ref counts[i]);
        }

        return sum;
    }
}
