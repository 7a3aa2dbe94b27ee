using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Stores;

/// <summary>Keeps the ledger and the counters for good; times to the microsecond, texts to 500 characters. Thread-safe. Every method may throw
/// <see cref="StoreUnavailableException"/>.</summary>
public interface ILedgerStore
{
    /// <summary>One transaction: appends the entries (a hold that is there already, settled or released, is skipped, and its charges with it, so that a repeated batch changes nothing), adds
    /// the charges (same epoch and period: to what is there; a later epoch, or a later period of the same one: in its place; earlier: not at all), and notes how far
    /// the journal has been read. Holds without an entry are remembered until the journal is a segment further.</summary>
    Task AppendAsync(LedgerBatch batch, CancellationToken cancel);

    /// <summary>How far this journal has been read, or null when nothing of it has.</summary>
    Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancel);

    Task<IReadOnlyList<CounterState>> CountersAsync(CancellationToken cancel);

    /// <summary>In the order of when calls were made. A page looks at a bounded number of entries: where few match, it holds fewer than were asked for,
    /// perhaps none, and says where to go on.</summary>
    /// <param name="query">Filters, and where to go on.</param>
    /// <param name="cancel">Stops it.</param>
    Task<LedgerPage> EntriesAsync(LedgerQuery query, CancellationToken cancel);
}

/// <param name="Entries">What was found.</param>
/// <param name="Next">For <see cref="LedgerQuery.After"/> of the next page; null behind the last.</param>
public sealed record LedgerPage(IReadOnlyList<LedgerEntry> Entries, Guid? Next);

public sealed record LedgerBatch(string Journal, JournalPosition Position, IReadOnlyList<SettledCall> Calls);

/// <param name="Entry">Null: nothing but charges (a released call still counts against a request limit).</param>
/// <param name="HoldId">The hold's id, the key against doing it twice.</param>
/// <param name="Charges">By meter id.</param>
public sealed record SettledCall(Guid HoldId, LedgerEntry? Entry, IReadOnlyList<CounterState> Charges);

/// <param name="Segment">Number of the journal's file.</param>
/// <param name="Offset">Bytes into it.</param>
public sealed record JournalPosition(long Segment, long Offset);

public sealed record LedgerQuery
{
    public string? VirtualKeyId { get; init; }

    public string? TeamId { get; init; }

    public string? BusinessUnitId { get; init; }

    public string? CustomerId { get; init; }

    public string? UserId { get; init; }

    public string? Provider { get; init; }

    /// <summary>The name sent upstream.</summary>
    public string? Model { get; init; }

    /// <summary>When the call was made: this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When the call was made: before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The last entry of the page before, or null. After an entry that is not there comes nothing.</summary>
    public Guid? After { get; init; }

    /// <summary>Default false: newest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>1 to 1000. Default 100.</summary>
    public int Limit { get; init; } = 100;
}
