using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

public sealed partial class Till
{
    /// <summary>How the counter of a budget stands now. One that nobody opened yet stands as it would if somebody did, and stays closed: to be looked at
    /// wakes no counter.</summary>
    /// <param name="budget">Of a limit that is not counted by a dimension's value; validated.</param>
    public MeterStanding StandingOf(Budget budget)
    {
        lock (_gate)
        {
            var now = Now();
            var meter = _budgets.GetValueOrDefault(budget.Id) ?? Asleep(budget, now);
            meter.Advance(now);
            return new MeterStanding(meter.LimitAt(now), meter.Used, Shown(meter.Reserved), meter.Start, meter.End);
        }
    }

    /// <summary>How the windows of a rate limit stand now, and how many calls run; as for budgets.</summary>
    /// <param name="rate">Of a limit that is not counted by a dimension's value; validated.</param>
    public RateMeterStanding StandingOf(RateLimit rate)
    {
        lock (_gate)
        {
            var now = Now();
            var meter = _rates.GetValueOrDefault(rate.Id) ?? Asleep(rate, now);
            meter.Advance(now, _lastHold);
            var (tokens, requests) = (meter.Tokens, meter.Requests);
            return new RateMeterStanding(
                tokens.Runs ? new(rate.TokenMaxLimit ?? 0, tokens.Used, Shown(meter.ReservedTokens), tokens.Start, tokens.End) : null,
                requests.Runs ? new(rate.RequestMaxLimit ?? 0, requests.Used, 0, requests.Start, requests.End) : null,
                meter.Running
            );
        }
    }

    private BudgetMeter Asleep(Budget budget, long now)
    {
        var meter = new BudgetMeter(budget.Id);
        meter.Define(budget, CadenceOf(budget), now);
        Restore(meter, now, peek: true);
        return meter;
    }

    private RateMeter Asleep(RateLimit rate, long now)
    {
        var meter = new RateMeter(rate.Id);
        var (tokens, requests) = CadencesOf(rate);
        meter.Define(rate, tokens, requests, now, _lastHold);
        Restore(meter, now, peek: true);
        return meter;
    }
}

/// <summary>A rate limit at one moment.</summary>
/// <param name="Tokens">Null: they are not limited.</param>
/// <param name="Requests">Null: they are not limited.</param>
/// <param name="Running">Calls in flight.</param>
public readonly record struct RateMeterStanding(MeterStanding? Tokens, MeterStanding? Requests, int Running);

/// <summary>A counter at one moment.</summary>
/// <param name="Limit">In force now, an override included.</param>
/// <param name="Used">Settled.</param>
/// <param name="Reserved">Held by calls in flight.</param>
/// <param name="Start">Unix milliseconds.</param>
/// <param name="End">Unix milliseconds; <see cref="long.MaxValue"/>: never.</param>
public readonly record struct MeterStanding(long Limit, long Used, long Reserved, long Start, long End);
