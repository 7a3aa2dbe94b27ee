using Bifrost.Governance.Objects;

namespace Bifrost.Admin.Governance;

/// <summary>How limits stand at this moment, read from the counters that admission itself uses. Thread-safe.</summary>
public interface IStandings
{
    BudgetStanding Of(Budget budget);

    RateLimitStanding Of(RateLimit rate);
}

/// <summary>How a budget stands in its running period.</summary>
public readonly record struct BudgetStanding
{
    /// <summary>Nanodollars spent.</summary>
    public long Used { get; init; }

    /// <summary>Nanodollars held for calls that are not over.</summary>
    public long Held { get; init; }

    /// <summary>Nanodollars: the limit with what an override adds at this time.</summary>
    public long Limit { get; init; }

    public DateTimeOffset PeriodStart { get; init; }

    /// <summary>Null: the period never ends.</summary>
    public DateTimeOffset? PeriodEnd { get; init; }
}

/// <summary>How the windows of a rate limit stand.</summary>
public readonly record struct RateLimitStanding
{
    public WindowStanding Tokens { get; init; }

    public WindowStanding Requests { get; init; }

    /// <summary>Calls in flight.</summary>
    public long Concurrent { get; init; }
}

/// <param name="Used">Counted and held in this window.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ends.</param>
public readonly record struct WindowStanding(long Used, DateTimeOffset Start, DateTimeOffset End);
