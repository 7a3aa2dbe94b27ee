using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;

namespace Bifrost.Admin.Governance;

/// <summary>Reads the counters of the till. A limit that nothing was counted by yet stands at nothing, in the period it is in.</summary>
public sealed class TillStandings(Till till, TimeProvider clock) : IStandings
{
    /// <inheritdoc/>
    public BudgetStanding Of(Budget budget)
    {
        if (till.StandingOf(budget.Id) is { } meter)
        {
            return new BudgetStanding
            {
                Limit = meter.Limit,
                Used = meter.Used,
                Held = meter.Reserved,
                PeriodStart = At(meter.Start),
                PeriodEnd = meter.End == long.MaxValue ? null : At(meter.End),
            };
        }

        var now = clock.GetUtcNow();
        if (!Cadence.TryRead(budget, out var cadence, out _))
        {
            return new BudgetStanding { Limit = budget.MaxLimit, PeriodStart = budget.Anchor };
        }

        var period = cadence.At(now.ToUnixTimeMilliseconds(), budget.Anchor.ToUnixTimeMilliseconds());
        return new BudgetStanding
        {
            Limit = budget.MaxLimit + (Runs(budget, cadence, now) ? budget.Override!.Amount : 0),
            PeriodStart = At(period.Start),
            PeriodEnd = period.End == long.MaxValue ? null : At(period.End),
        };
    }

    /// <inheritdoc/>
    public RateLimitStanding Of(RateLimit rate) =>
        till.StandingOfRate(rate.Id) is { } meter
            ? new RateLimitStanding
            {
                Tokens = Window(rate.TokenResetDuration, rate.Anchor, meter.Tokens),
                Requests = Window(rate.RequestResetDuration, rate.Anchor, meter.Requests),
                Concurrent = meter.Running,
            }
            : new RateLimitStanding
            {
                Tokens = Window(rate.TokenResetDuration, rate.Anchor, null),
                Requests = Window(rate.RequestResetDuration, rate.Anchor, null),
            };

    private WindowStanding Window(string? duration, DateTimeOffset anchor, MeterStanding? meter)
    {
        if (meter is { End: > 0 } counted)
        {
            return new WindowStanding(counted.Used + counted.Reserved, At(counted.Start), At(counted.End));
        }

        if (duration is null || !Cadence.TryRead(duration, false, "UTC", 1, out var cadence, out _))
        {
            return default;
        }

        var period = cadence.At(clock.GetUtcNow().ToUnixTimeMilliseconds(), anchor.ToUnixTimeMilliseconds());
        return new WindowStanding(0, At(period.Start), At(period.End));
    }

    private static bool Runs(Budget budget, Cadence cadence, DateTimeOffset now) =>
        budget.Override is { } added
        && now >= added.From
        && (
            added.Cycles is not { } cycles
            || now.ToUnixTimeMilliseconds()
                < cadence.EndOf(added.From.ToUnixTimeMilliseconds(), budget.Anchor.ToUnixTimeMilliseconds(), cycles)
        );

    // "never" ends at the end of time, which no calendar has.
    private static DateTimeOffset At(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
