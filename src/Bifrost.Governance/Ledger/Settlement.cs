using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Ledger;

/// <summary>What became of a call, and what it cost. With the call that was held it makes a <see cref="LedgerEntry"/>.</summary>
public readonly record struct Settlement
{
    /// <summary>Kept to the millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    public required LedgerOutcome Outcome { get; init; }

    /// <summary>Null: nothing is known of what was consumed.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Nanodollars; a started one counts whole.</summary>
    public required long Cost { get; init; }

    /// <summary>Cost or quantities are ours, not the provider's.</summary>
    public bool Estimated { get; init; }

    /// <summary>There was no price: the cost is not known, and not zero.</summary>
    public bool Unpriced { get; init; }

    /// <summary>The price it was computed with, or null.</summary>
    public string? PriceVersion { get; init; }
}
