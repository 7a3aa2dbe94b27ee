namespace Bifrost.Observability.RequestLog;

/// <summary>How much waits for the store, and for how long.</summary>
public sealed record RequestLogOptions
{
    /// <summary>Rows that may wait. Default 100,000.</summary>
    public int MaxRows { get; init; } = 100_000;

    /// <summary>Bytes of content that may wait. Default 64 MiB.</summary>
    public long MaxContentBytes { get; init; } = 64L << 20;

    /// <summary>Rows in one transaction. Default 256: what a transaction holds lives through a collection, and more rows cost that more than they save the database.</summary>
    public int BatchRows { get; init; } = 256;

    /// <summary>How often rows are taken, shown to whoever watches live and, when they are few, written. Default 250 ms.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest that a row waits to be written with others, when many come. Default 1 s.</summary>
    public TimeSpan StoreDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that the store may take for one batch before it is asked again. Default 30 s.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Before the store is asked again for the first time, doubling up to <see cref="LongestRetry"/>. Default 100 ms.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Default 5 s.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(5);
}
