namespace Bifrost.Governance.Ledger;

/// <summary>Where the journal lies and how much it may take.</summary>
public sealed record JournalOptions
{
    /// <summary>A folder of its own on a local disk, made when it is not there. It belongs to one process at a time and must never be copied to a
    /// second gateway: ids of entries are made from what lies in it.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes of one file, taken from the disk when it is made; what of it is written counts as memory of the process until the next one. 4 KiB to
    /// 1 GiB. Default 4 MiB.</summary>
    public int SegmentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most that all files together may take before calls are refused; the ends of calls under way may pass it. It is only reached when the database is down for long.
    /// Default 8 GiB.</summary>
    public long MaxBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>How often written pages are forced to the disk. The death of the process loses nothing; a power cut or a crash of the operating
    /// system loses what was written since the last time this was done and may lose the order of it: what of a damaged file still has a right
    /// checksum is read. Default 200 ms.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>The folder belongs to another process that is running.</summary>
public sealed class JournalInUseException : IOException
{
    public JournalInUseException() { }

    public JournalInUseException(string message)
        : base(message) { }

    public JournalInUseException(string message, Exception inner)
        : base(message, inner) { }
}
