using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;

namespace Bifrost.Admin.Governance;

/// <summary>Reads the counters of the till. A limit that nothing was counted by yet stands at nothing, in the period it is in.</summary>
public sealed class TillStandings(Till till) : IStandings
{
    /// <inheritdoc/>
    public BudgetStanding Of(Budget budget)
    {
        var meter = till.StandingOf(budget);
        return new BudgetStanding
        {
            Limit = meter.Limit,
            Used = meter.Used,
            Held = meter.Reserved,
            PeriodStart = At(meter.Start),
            PeriodEnd = meter.End == long.MaxValue ? null : At(meter.End),
        };
    }

    /// <inheritdoc/>
    public RateLimitStanding Of(RateLimit rate)
    {
        var meter = till.StandingOf(rate);
        return new RateLimitStanding
        {
            Tokens = Window(meter.Tokens),
            Requests = Window(meter.Requests),
            Concurrent = meter.Running,
        };
    }

    private static WindowStanding Window(MeterStanding? meter) =>
        meter is { } counted ? new WindowStanding(counted.Used + counted.Reserved, At(counted.Start), At(counted.End)) : default;

    // "never" ends at the end of time, which no calendar has.
    private static DateTimeOffset At(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
