using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

/// <summary>Counts the money of one budget. Guarded by the till's lock. There may be hundreds of thousands: a field here is a megabyte there.</summary>
internal sealed class BudgetMeter(string id)
{
    public string Id { get; } = id;

    public Budget Budget { get; private set; } = null!;

    /// <summary>As <see cref="Budget"/> says; kept here too, so that a call has one object less to wait for.</summary>
    public long MaxLimit { get; private set; }

    /// <summary>As <see cref="MaxLimit"/>.</summary>
    public bool IsHard { get; private set; }

    /// <summary>Made when first charged: most meters of a large installation are idle.</summary>
    public MeterKey? Key { get; set; }

    public long Used { get; private set; }

    /// <summary>Wider than any limit, so that what was added can always be taken away again exactly.</summary>
    public Int128 Reserved { get; set; }

    public long Start { get; private set; }

    public long End { get; private set; }

    public long OverrideEnd { get; private set; }

    public int Epoch { get; private set; }

    /// <summary>Open sets that hold this meter.</summary>
    public int Owners { get; set; }

    /// <summary>Open holds; one of them may hold nothing and still be charged.</summary>
    public int Holds { get; set; }

    private Cadence Cadence { get; set; } = null!;

    private long Anchor => Budget.Anchor.ToUnixTimeMilliseconds();

    public bool IsIdle(long now)
    {
        Advance(now);
        return Used == 0 && Holds == 0;
    }

    /// <summary>Begins the period of <paramref name="now"/> if the running one is over. A clock that goes back changes nothing.</summary>
    public void Advance(long now)
    {
        if (now >= End)
        {
            var period = Cadence.At(now, Anchor);
            (Start, End, Used) = (period.Start, period.End, 0);
        }
    }

    public long LimitAt(long now)
    {
        if (OverrideRuns(now))
        {
            return Saturating.Add(MaxLimit, Math.Max(0, Budget.Override!.Amount));
        }

        return MaxLimit;
    }

    public bool OverrideRuns(long now)
    {
        // Without an override the end is zero, and the budget is not looked at.
        return Math.Max(now, Start) < OverrideEnd && Budget.Override is { } granted && now >= granted.From.ToUnixTimeMilliseconds();
    }

    public void Add(long amount) => Used = Saturating.Add(Used, amount);

    /// <summary>The first definition of a new meter.</summary>
    public void Define(Budget budget, Cadence cadence, long now)
    {
        Take(budget, cadence);
        Epoch = budget.UsageEpoch;
        var period = cadence.At(now, Anchor);
        (Start, End) = (period.Start, period.End);
        OverrideEnd = EndOfOverride();
    }

    /// <summary>Takes an edit over.</summary>
    /// <returns>What must be written down for the edit to survive a restart, or null: the start of a period tells a kept counter which one it
    /// belongs to, and an edit may have moved it.</returns>
    public long? Redefine(Budget budget, Cadence cadence, long now)
    {
        Advance(now);
        long? carried = null;
        var aligned = budget.CalendarAligned && !Budget.CalendarAligned;
        var moved = aligned || cadence != Cadence || budget.Anchor != Budget.Anchor;
        Take(budget, cadence);
        if (moved)
        {
            var period = cadence.At(Math.Max(now, Start), Anchor);
            var later = period.Start > Start;
            if (aligned)
            {
                // Never an earlier start, or else the old usage, kept under a later one, would be found again at the next start.
                (Start, Used, carried) = (later ? period.Start : Math.Max(now, Start + 1), 0, 0);
            }
            else if (later)
            {
                (Start, carried) = (period.Start, Used);
            }
            else if (period.Start < Start)
            {
                // What is kept of a period that was over already may lie within the longer one.
                carried = 0;
            }

            End = Math.Max(period.End, Start + 1);
        }

        if (budget.UsageEpoch > Epoch)
        {
            (Epoch, Used, carried) = (budget.UsageEpoch, 0, 0);
        }

        OverrideEnd = EndOfOverride();
        return carried;
    }

    /// <summary>Takes over what was kept, unless its period is over or it was set to zero since.</summary>
    public void Restore(CounterState kept, long now)
    {
        Advance(now);
        if (kept.Epoch < Epoch || kept.PeriodStart < Start)
        {
            return;
        }

        (Epoch, Used, Start) = (kept.Epoch, Math.Max(0, kept.Used), kept.PeriodStart);
        if (Start >= End)
        {
            End = Cadence.At(Start, Anchor).End;
        }
    }

    private void Take(Budget budget, Cadence cadence)
    {
        (Budget, Cadence) = (budget, cadence);
        (MaxLimit, IsHard) = (budget.MaxLimit, budget.Enforcement == Enforcement.Hard);
    }

    private long EndOfOverride() =>
        Budget.Override switch
        {
            null => 0,
            { Cycles: null } => long.MaxValue,
            { Cycles: { } cycles, From: var from } => Cadence.EndOf(from.ToUnixTimeMilliseconds(), Anchor, cycles),
        };
}

/// <summary>Sums of amounts that are never negative, which stay at the largest number instead of wrapping around.</summary>
internal static class Saturating
{
    public static long Add(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
