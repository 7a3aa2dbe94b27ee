using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Limits;

public sealed partial class Till
{
    /// <summary>Asks every limit in the published order and, when all have room, holds in each what the call will probably cost (in hard budgets: what it
    /// can cost at most). All or nothing; the first limit in the way is the fault.</summary>
    /// <param name="sets">Every set that binds the call, in the order of <see cref="LimitLevel"/>; a set no more than once.</param>
    /// <param name="estimate">What the call may cost.</param>
    /// <param name="charges">Cleared, then filled with what is to be charged if nothing more is ever heard of the call.</param>
    /// <param name="standing">The rate limits nearest their end, this call counted.</param>
    public Outcome<Hold> TryHold(
        ReadOnlySpan<LimitSet> sets,
        in CallEstimate estimate,
        List<MeterCharge> charges,
        out RateStanding standing
    )
    {
        charges.Clear();
        standing = default;
        var bound = new HardBound(estimate);
        Refusal? refusal;
        lock (_gate)
        {
            var now = Now();
            refusal = FirstInTheWay(sets, ref bound, now, out var count);
            if (refusal is null)
            {
                return Take(sets, estimate, bound, count, now, charges, out standing);
            }
        }

        return refusal.ToFault();
    }

    /// <summary>The call is over: replaces what was held by what it cost. Money and tokens are paid by the periods that run now, which are the ones
    /// on show; the request stays in the window it was admitted in.</summary>
    /// <param name="hold">From <see cref="TryHold"/>.</param>
    /// <param name="cost">Nanodollars.</param>
    /// <param name="tokens">In and out.</param>
    /// <param name="charges">Cleared, then filled with what was added to which counter.</param>
    /// <returns>False when the hold had ended already; nothing is changed then.</returns>
    public bool Settle(Hold hold, long cost, long tokens, List<MeterCharge> charges) =>
        End(hold, Math.Max(0, cost), Math.Max(0, tokens), keepRequest: true, charges);

    /// <summary>The call cost nothing: gives back what was held.</summary>
    /// <param name="hold">From <see cref="TryHold"/>.</param>
    /// <param name="keepRequest">It failed upstream and still counts as a request; false: it never went there.</param>
    /// <param name="charges">As for <see cref="Settle"/>.</param>
    /// <returns>As <see cref="Settle"/>.</returns>
    public bool Release(Hold hold, bool keepRequest, List<MeterCharge> charges) => End(hold, 0, 0, keepRequest, charges);

    /// <summary>True while the hard budgets of a running call have money for what it has cost so far. A call that costs more than was held takes more
    /// from them, if there is more. Without hard budgets always true.</summary>
    /// <param name="hold">From <see cref="TryHold"/>.</param>
    /// <param name="cost">Nanodollars that the call has cost so far, all in all.</param>
    public bool Covers(Hold hold, long cost)
    {
        if (!hold.IsHard || cost <= hold.Most)
        {
            return true;
        }

        lock (_gate)
        {
            return hold.Ended || TryHoldMore(hold, cost);
        }
    }

    private Refusal? FirstInTheWay(ReadOnlySpan<LimitSet> sets, ref HardBound bound, long now, out int count)
    {
        count = 0;
        for (var first = 0; first < sets.Length; )
        {
            var chapter = sets[first].Level.Chapter();
            var next = first;
            for (; next < sets.Length && sets[next].Level.Chapter() == chapter; next++)
            {
                Revive(sets[next]);
                if (sets[next].Rate is { } rate)
                {
                    count++;
                    if (Blocking(sets[next], rate, now) is { } refusal)
                    {
                        return refusal;
                    }
                }
            }

            for (; first < next; first++)
            {
                foreach (var meter in sets[first].Budgets)
                {
                    count++;
                    if (Blocking(sets[first], meter, ref bound, now) is { } refusal)
                    {
                        return refusal;
                    }
                }
            }
        }

        return null;
    }

    private Refusal? Blocking(LimitSet set, RateMeter meter, long now)
    {
        meter.Advance(now, _lastHold);
        SpentWindow? tokens = null;
        if (meter.MostTokens != RateMeter.NoLimit && meter.Tokens.Used + meter.ReservedTokens >= meter.MostTokens)
        {
            tokens = new SpentWindow(
                meter.MostTokens,
                meter.Tokens.Used,
                meter.ReservedTokens,
                meter.Rate.TokenResetDuration!,
                Until(meter.Tokens.End, now)
            );
        }

        SpentWindow? requests = null;
        if (meter.MostRequests != RateMeter.NoLimit && meter.Requests.Used >= meter.MostRequests)
        {
            requests = new SpentWindow(
                meter.MostRequests,
                meter.Requests.Used,
                0,
                meter.Rate.RequestResetDuration!,
                Until(meter.Requests.End, now)
            );
        }

        if (tokens is not null || requests is not null)
        {
            return new RateRefusal(set, tokens, requests);
        }

        return meter.MostRunning != RateMeter.NoLimit && meter.Running >= meter.MostRunning
            ? new ConcurrencyRefusal(set, meter.MostRunning, meter.Running)
            : null;
    }

    private static BudgetRefusal? Blocking(LimitSet set, BudgetMeter meter, ref HardBound bound, long now)
    {
        meter.Advance(now);
        var limit = meter.LimitAt(now);
        var taken = meter.Used + meter.Reserved;
        if (taken < limit && (!meter.IsHard || bound.Fits(limit - taken)))
        {
            return null;
        }

        return new BudgetRefusal(set, meter.Budget, limit, meter.Used, meter.Reserved, Until(meter.End, now))
        {
            IsUnknown = taken < limit && bound.IsUnknown,
            Most = taken < limit && !bound.IsUnknown ? bound.Least : null,
        };
    }

    private Hold Take(
        ReadOnlySpan<LimitSet> sets,
        in CallEstimate estimate,
        HardBound bound,
        int count,
        long now,
        List<MeterCharge> charges,
        out RateStanding standing
    )
    {
        var amounts = new HeldAmount[count];
        var most = bound.Asked ? (long)bound.Most : 0;
        var expected = Math.Max(0, estimate.ExpectedCost);
        var hold = new Hold(amounts)
        {
            Number = ++_lastHold,
            // With a lowered cap it cannot cost what was expected without.
            EstimatedCost = bound.Asked ? Math.Min(expected, most) : expected,
            EstimatedTokens = Math.Max(0, estimate.ExpectedTokens),
            OutputCap = bound.NewCap,
            IsHard = bound.Asked,
            Most = most,
        };
        RateLimitView? requests = null;
        RateLimitView? tokens = null;
        var index = 0;
        foreach (var set in sets)
        {
            if (set.Rate is { } rate)
            {
                amounts[index++] = new HeldAmount(rate, Take(rate, hold, charges));
                Nearest(rate, now, ref requests, ref tokens);
            }

            foreach (var meter in set.Budgets)
            {
                var amount = meter.IsHard ? most : hold.EstimatedCost;
                meter.Holds++;
                meter.Reserved += amount;
                amounts[index++] = new HeldAmount(meter, amount);
                if (hold.EstimatedCost > 0)
                {
                    Charge(charges, KeyOf(meter), meter.Start, meter.Epoch, hold.EstimatedCost);
                }
            }
        }

        standing = new RateStanding(requests, tokens);
        return hold;
    }

    /// <summary>1 when the request was counted.</summary>
    private long Take(RateMeter meter, Hold hold, List<MeterCharge> charges)
    {
        meter.Running++;
        meter.ReservedTokens += hold.EstimatedTokens;
        if (meter.MostTokens != RateMeter.NoLimit && hold.EstimatedTokens > 0)
        {
            Charge(charges, TokenKeyOf(meter), meter.Tokens.Start, 0, hold.EstimatedTokens);
        }

        if (meter.MostRequests == RateMeter.NoLimit)
        {
            return 0;
        }

        meter.AddRequest();
        Charge(charges, RequestKeyOf(meter), meter.Requests.Start, 0, 1);
        return 1;
    }

    private static void Charge(List<MeterCharge> charges, MeterKey key, long start, int epoch, long amount)
    {
        // The ledger reads it next.
        Prefetch.Of(key);
        charges.Add(new MeterCharge(key, start, epoch, amount));
    }

    private static void Nearest(RateMeter meter, long now, ref RateLimitView? requests, ref RateLimitView? tokens)
    {
        if (meter.MostRequests != RateMeter.NoLimit)
        {
            Nearer(ref requests, meter.MostRequests, meter.Requests.Used, meter.Requests.End, now);
        }

        if (meter.MostTokens != RateMeter.NoLimit)
        {
            Nearer(ref tokens, meter.MostTokens, meter.Tokens.Used + meter.ReservedTokens, meter.Tokens.End, now);
        }
    }

    private static void Nearer(ref RateLimitView? nearest, long limit, Int128 taken, long end, long now)
    {
        var remaining = (long)Int128.Max(0, limit - taken);
        if (nearest is not { } other || remaining < other.Remaining)
        {
            nearest = new RateLimitView(limit, remaining, Until(end, now) ?? TimeSpan.MaxValue);
        }
    }

    private bool End(Hold hold, long cost, long tokens, bool keepRequest, List<MeterCharge> charges)
    {
        charges.Clear();
        lock (_gate)
        {
            if (hold.Ended)
            {
                return false;
            }

            hold.Ended = true;
            var now = Now();
            foreach (var held in hold.Amounts)
            {
                if (held.Meter is BudgetMeter budget)
                {
                    End(budget, held.Amount, cost, now, charges);
                }
                else
                {
                    End((RateMeter)held.Meter, hold, tokens, held.Amount == 1, keepRequest, now, charges);
                }
            }

            return true;
        }
    }

    private void End(BudgetMeter meter, long held, long cost, long now, List<MeterCharge> charges)
    {
        meter.Advance(now);
        meter.Holds--;
        meter.Reserved -= held;
        if (cost > 0)
        {
            meter.Add(cost);
            charges.Add(new MeterCharge(KeyOf(meter), meter.Start, meter.Epoch, cost));
        }
    }

    private void End(RateMeter meter, Hold hold, long tokens, bool counted, bool keepRequest, long now, List<MeterCharge> charges)
    {
        meter.Advance(now, _lastHold);
        meter.Running--;
        meter.ReservedTokens -= hold.EstimatedTokens;
        if (tokens > 0 && meter.MostTokens != RateMeter.NoLimit)
        {
            meter.AddTokens(tokens);
            charges.Add(new MeterCharge(TokenKeyOf(meter), meter.Tokens.Start, 0, tokens));
        }

        // In a later window the request is neither counted nor taken back.
        if (!counted || meter.RequestsBeganAfter >= hold.Number)
        {
            return;
        }

        meter.EndRequest(keepRequest);
        if (keepRequest)
        {
            charges.Add(new MeterCharge(RequestKeyOf(meter), meter.Requests.Start, 0, 1));
        }
    }

    private bool TryHoldMore(Hold hold, long cost)
    {
        var now = Now();
        foreach (var held in hold.Amounts)
        {
            if (held.Meter is BudgetMeter { IsHard: true } meter)
            {
                meter.Advance(now);
                if (meter.Used + meter.Reserved + Math.Max(0, cost - held.Amount) > meter.LimitAt(now))
                {
                    return false;
                }
            }
        }

        for (var i = 0; i < hold.Amounts.Length; i++)
        {
            ref var held = ref hold.Amounts[i];
            if (held.Meter is BudgetMeter { IsHard: true } meter && cost > held.Amount)
            {
                meter.Reserved += cost - held.Amount;
                held.Amount = cost;
            }
        }

        hold.Most = cost;
        return true;
    }

    private static TimeSpan? Until(long end, long now) => end == long.MaxValue ? null : TimeSpan.FromMilliseconds(Math.Max(0, end - now));
}
