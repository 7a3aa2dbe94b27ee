namespace Bifrost.Governance.Ledger;

/// <summary>How the journal is brought into the database.</summary>
public sealed record LedgerWriterOptions
{
    /// <summary>How often the journal is looked at; few calls are stored then. Default 200 ms.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest that a call waits to be stored with others, when many come. Default 1 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls in one transaction at most. Default 512: as for the rows of the request log, more of them would outlive collections.</summary>
    public int BatchCalls { get; init; } = 512;

    /// <summary>The wait after a first failure; doubled with each. Default 100 ms.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between attempts; they never end. Default 10 s.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(10);
}
