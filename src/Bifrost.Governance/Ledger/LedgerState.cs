namespace Bifrost.Governance.Ledger;

/// <summary>How the ledger stands, for health and metrics. Settled totals in the database are older than the journal by what is behind; limits are
/// not.</summary>
public sealed record LedgerState
{
    /// <summary>Calls that are over and not yet in the database.</summary>
    public required long BehindCalls { get; init; }

    /// <summary>Bytes of the journal the database does not know yet, about.</summary>
    public required long BehindBytes { get; init; }

    /// <summary>Calls under way, as far as the journal has been read.</summary>
    public required int OpenHolds { get; init; }

    /// <summary>Settlements that wait in memory for room on the disk.</summary>
    public required int Waiting { get; init; }

    /// <summary>Bytes the journal takes on the disk.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Records that could not be read since the start: a damaged disk, or a power cut.</summary>
    public required int Damaged { get; init; }

    /// <summary>Why the database does not take entries, and since when; null while it does.</summary>
    public LedgerTrouble? Store { get; init; }

    /// <summary>Why the writer ended by itself, which it never should; null while all is well.</summary>
    public Exception? Writer { get; init; }

    /// <summary>Why the journal cannot grow or cannot be forced to the disk, or null. Holds are refused, or soon will be, if it cannot grow.</summary>
    public Exception? Journal { get; init; }
}

/// <param name="Since">When it first failed.</param>
/// <param name="Attempts">That failed since.</param>
/// <param name="Last">What the last one said.</param>
public sealed record LedgerTrouble(DateTimeOffset Since, int Attempts, Exception Last);

/// <param name="Replayed">Calls that had ended and that the database was told of only now.</param>
/// <param name="Charged">Calls that had not ended and were charged at their estimate.</param>
/// <param name="Damaged">Records that could not be read.</param>
public sealed record LedgerRecovery(int Replayed, int Charged, int Damaged);
