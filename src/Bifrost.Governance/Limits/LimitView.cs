using Bifrost.Core.Contracts;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

/// <summary>How one limit stands at this moment, read from the counters that are enforced.</summary>
public sealed record LimitView
{
    /// <summary>Of the budget or the rate limit.</summary>
    public required string Id { get; init; }

    public required LimitLevel Level { get; init; }

    public required string OwnerName { get; init; }

    /// <summary>The dimension's value, or null.</summary>
    public string? Part { get; init; }

    public required LimitKind Kind { get; init; }

    /// <summary>As written, in nanodollars, tokens, requests or calls.</summary>
    public required long Limit { get; init; }

    /// <summary>With the override, while it lasts.</summary>
    public required long EffectiveLimit { get; init; }

    public required long Used { get; init; }

    /// <summary>Held by calls in flight. For <see cref="LimitKind.Concurrent"/> always zero: there the calls are what is used.</summary>
    public required long Reserved { get; init; }

    /// <summary>Zero or more.</summary>
    public long Remaining => (long)Int128.Max(0, (Int128)EffectiveLimit - Used - Reserved);

    /// <summary>Null where there are no periods.</summary>
    public DateTimeOffset? PeriodStart { get; init; }

    /// <summary>Null when it never resets.</summary>
    public DateTimeOffset? PeriodEnd { get; init; }

    /// <summary>Null where there are no periods.</summary>
    public string? ResetDuration { get; init; }

    /// <summary>Null for all but budgets.</summary>
    public Enforcement? Enforcement { get; init; }

    /// <summary>When the running override ends; null when none runs or it has no end.</summary>
    public DateTimeOffset? OverrideEnd { get; init; }
}

public enum LimitKind
{
    Budget,
    Tokens,
    Requests,
    Concurrent,
}

/// <summary>The rate limits nearest their end after a call was counted.</summary>
/// <param name="Requests">Null: none counts requests.</param>
/// <param name="Tokens">Null: none counts tokens.</param>
public readonly record struct RateStanding(RateLimitView? Requests, RateLimitView? Tokens);
