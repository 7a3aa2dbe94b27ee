using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Ledger;

/// <summary>Who made a call and to what: everything about it that is known before it goes upstream.</summary>
public sealed record CallRecord
{
    /// <summary><see cref="Core.Exchange.Id"/>: unique, and the same for all calls of one exchange.</summary>
    public required string RequestId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Word of the operation: <c>chat</c>.</summary>
    public required string Operation { get; init; }

    public required string Provider { get; init; }

    /// <summary>Name of the provider key, never its value.</summary>
    public required string ProviderKey { get; init; }

    public required string AskedModel { get; init; }

    public required string SentModel { get; init; }

    public string? VirtualKeyId { get; init; }

    public string? TeamId { get; init; }

    public string? BusinessUnitId { get; init; }

    public string? CustomerId { get; init; }

    public string? UserId { get; init; }

    /// <summary><c>name=value</c> of request dimensions with limits, comma-separated, or null.</summary>
    public string? Dimensions { get; init; }
}

/// <summary>A line of the ledger: appended once, never changed.</summary>
public sealed record LedgerEntry
{
    /// <summary>The hold's id; unique for ever.</summary>
    public required Guid Id { get; init; }

    public required CallRecord Call { get; init; }

    public required DateTimeOffset SettledAt { get; init; }

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

public enum LedgerOutcome
{
    Succeeded,

    /// <summary>Failed or cut after it went upstream.</summary>
    Failed,

    /// <summary>The caller left.</summary>
    Cancelled,

    /// <summary>The gateway died while it ran; found at the next start and charged at its estimate.</summary>
    Recovered,
}
