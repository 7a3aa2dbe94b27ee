namespace Bifrost.Governance.Limits;

public sealed partial class Till
{
    /// <summary>How the counter of a budget stands now; null when no limits that are open have it.</summary>
    /// <param name="budgetId">Of a budget that is not counted by a dimension's value.</param>
    public MeterStanding? StandingOf(string budgetId)
    {
        lock (_gate)
        {
            if (!_budgets.TryGetValue(budgetId, out var meter))
            {
                return null;
            }

            var now = Now();
            meter.Advance(now);
            return new MeterStanding(meter.LimitAt(now), meter.Used, Shown(meter.Reserved), meter.Start, meter.End);
        }
    }

    /// <summary>How the windows of a rate limit stand now, and how many calls run; null when no limits that are open have it.</summary>
    /// <param name="rateLimitId">Of a rate limit that is not counted by a dimension's value.</param>
    public (MeterStanding Tokens, MeterStanding Requests, int Running)? StandingOfRate(string rateLimitId)
    {
        lock (_gate)
        {
            if (!_rates.TryGetValue(rateLimitId, out var meter))
            {
                return null;
            }

            meter.Advance(Now(), _lastHold);
            var (tokens, requests) = (meter.Tokens, meter.Requests);
            return (
                new MeterStanding(meter.Rate.TokenMaxLimit ?? 0, tokens.Used, Shown(meter.ReservedTokens), tokens.Start, tokens.End),
                new MeterStanding(meter.Rate.RequestMaxLimit ?? 0, requests.Used, 0, requests.Start, requests.End),
                meter.Running
            );
        }
    }
}

/// <summary>A counter at one moment.</summary>
/// <param name="Limit">In force now, an override included.</param>
/// <param name="Used">Settled.</param>
/// <param name="Reserved">Held by calls in flight.</param>
/// <param name="Start">Unix milliseconds.</param>
/// <param name="End">Unix milliseconds; <see cref="long.MaxValue"/>: never.</param>
public readonly record struct MeterStanding(long Limit, long Used, long Reserved, long Start, long End);
