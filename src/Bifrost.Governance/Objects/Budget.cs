namespace Bifrost.Governance.Objects;

/// <summary>One line of money per period.</summary>
public sealed record Budget
{
    public required string Id { get; init; }

    /// <summary>Nanodollars (10⁻⁹ USD), more than zero.</summary>
    public required long MaxLimit { get; init; }

    /// <summary><c>1h</c>, <c>1d</c>, <c>1w</c>, <c>1M</c>, <c>1Q</c>, <c>1Y</c>, any multiple or Go duration, or <c>never</c>: prepaid.</summary>
    public required string ResetDuration { get; init; }

    /// <summary>Periods follow the calendar of <see cref="TimeZone"/>; otherwise a fixed grid from <see cref="Anchor"/>.</summary>
    public bool CalendarAligned { get; init; }

    /// <summary>IANA name. Default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>1 to 12: the month in which the first quarter begins. Default 1.</summary>
    public int QuarterStartMonth { get; init; } = 1;

    public Enforcement Enforcement { get; init; }

    /// <summary>Where the grid of a rolling budget begins: its creation.</summary>
    public DateTimeOffset Anchor { get; init; }

    /// <summary>Added to the limit for a while, or null.</summary>
    public BudgetOverride? Override { get; init; }

    /// <summary>Raised by one to set the spend of the running period to zero without moving its end.</summary>
    public int UsageEpoch { get; init; }
}

/// <param name="Amount">Nanodollars on top of the limit.</param>
/// <param name="From">When it was granted.</param>
/// <param name="Cycles">Periods it lasts, the running one included; null: until taken back.</param>
public sealed record BudgetOverride(long Amount, DateTimeOffset From, int? Cycles);

public enum Enforcement
{
    /// <summary>The call that crosses the limit is served; concurrent calls are held back by each other's reservations.</summary>
    Standard,

    /// <summary>The limit is never passed: the most a call can cost is reserved, its output cap lowered to what fits.</summary>
    Hard,
}

/// <summary>Requests, tokens and calls at once, each with its own window. Null: not limited.</summary>
public sealed record RateLimit
{
    public required string Id { get; init; }

    public long? TokenMaxLimit { get; init; }

    /// <summary>As <see cref="Budget.ResetDuration"/>; set with the limit.</summary>
    public string? TokenResetDuration { get; init; }

    public long? RequestMaxLimit { get; init; }

    public string? RequestResetDuration { get; init; }

    /// <summary>Calls in flight at once.</summary>
    public long? ConcurrentMaxLimit { get; init; }

    /// <summary>Where the grids of the windows begin: its creation.</summary>
    public DateTimeOffset Anchor { get; init; }
}
