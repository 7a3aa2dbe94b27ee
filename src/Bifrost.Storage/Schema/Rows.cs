namespace Bifrost.Storage.Schema;

// The tables. Every time is Unix microseconds: the same number, and the same order, on both databases.

/// <summary>One thing the operator has set.</summary>
internal sealed class ObjectRow
{
    public required string Kind { get; init; }

    public required string Id { get; init; }

    public required string Json { get; init; }

    public string? FileHash { get; init; }

    /// <summary>1 for a new object, one more with each change.</summary>
    public int Version { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}

internal sealed class CounterRow
{
    public required string MeterId { get; init; }

    /// <summary>Unix milliseconds, as governance counts periods.</summary>
    public long PeriodStart { get; init; }

    public int Epoch { get; init; }

    public long Used { get; init; }
}

/// <summary>How far a journal has been read into the ledger.</summary>
internal sealed class JournalRow
{
    public required string Journal { get; init; }

    public long Segment { get; init; }

    /// <summary>Bytes into the segment.</summary>
    public long Position { get; init; }
}

/// <summary>A hold that ended without a line in the ledger, kept for as long as its journal may say so again.</summary>
internal sealed class ReleaseRow
{
    public Guid HoldId { get; init; }

    public required string Journal { get; init; }

    /// <summary>The segment that was being read.</summary>
    public long Segment { get; init; }
}

/// <summary>What is needed to make a sealing key again from the operator's passphrase. Without the passphrase it says nothing.</summary>
internal sealed class SealingKeyRow
{
    public required string Id { get; init; }

    public required string Derivation { get; init; }

    public required byte[] Salt { get; init; }

    /// <summary>A known word, sealed: proves a passphrase right or wrong.</summary>
    public required string Probe { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>Null for the key that seals today.</summary>
    public long? RetiredAt { get; init; }
}
