namespace Bifrost.Governance.Limits;

public sealed partial class Till
{
    /// <summary>How the limits of a set stand now: its budgets as written, then tokens, requests and calls at once.</summary>
    public IReadOnlyList<LimitView> View(LimitSet set)
    {
        lock (_gate)
        {
            var now = Now();
            Revive(set);
            var views = new List<LimitView>(set.Budgets.Length + 3);
            foreach (var meter in set.Budgets)
            {
                meter.Advance(now);
                views.Add(View(set, meter, now));
            }

            if (set.Rate is { } rate)
            {
                rate.Advance(now, _lastHold);
                View(set, rate, views);
            }

            return views;
        }
    }

    private static LimitView View(LimitSet set, BudgetMeter meter, long now) =>
        new()
        {
            Id = meter.Budget.Id,
            Level = set.Level,
            OwnerName = set.OwnerName,
            Part = set.Part,
            Kind = LimitKind.Budget,
            Limit = meter.Budget.MaxLimit,
            EffectiveLimit = meter.LimitAt(now),
            Used = meter.Used,
            Reserved = Shown(meter.Reserved),
            PeriodStart = At(meter.Start),
            PeriodEnd = At(meter.End),
            ResetDuration = meter.Budget.ResetDuration,
            Enforcement = meter.Budget.Enforcement,
            OverrideEnd = meter.OverrideRuns(now) ? At(meter.OverrideEnd) : null,
        };

    private static void View(LimitSet set, RateMeter meter, List<LimitView> views)
    {
        var rate = meter.Rate;
        if (rate.TokenMaxLimit is { } tokens)
        {
            views.Add(View(set, rate.Id, LimitKind.Tokens, tokens, meter.Tokens, Shown(meter.ReservedTokens), rate.TokenResetDuration));
        }

        if (rate.RequestMaxLimit is { } requests)
        {
            views.Add(View(set, rate.Id, LimitKind.Requests, requests, meter.Requests, 0, rate.RequestResetDuration));
        }

        if (rate.ConcurrentMaxLimit is { } calls)
        {
            views.Add(
                new LimitView
                {
                    Id = rate.Id,
                    Level = set.Level,
                    OwnerName = set.OwnerName,
                    Part = set.Part,
                    Kind = LimitKind.Concurrent,
                    Limit = calls,
                    EffectiveLimit = calls,
                    Used = meter.Running,
                    Reserved = 0,
                }
            );
        }
    }

    private static LimitView View(
        LimitSet set,
        string id,
        LimitKind kind,
        long limit,
        in WindowCount window,
        long reserved,
        string? reset
    ) =>
        new()
        {
            Id = id,
            Level = set.Level,
            OwnerName = set.OwnerName,
            Part = set.Part,
            Kind = kind,
            Limit = limit,
            EffectiveLimit = limit,
            Used = window.Used,
            Reserved = reserved,
            PeriodStart = At(window.Start),
            PeriodEnd = At(window.End),
            ResetDuration = reset,
        };

    private static long Shown(Int128 reserved) => (long)Int128.Min(reserved, long.MaxValue);

    private static DateTimeOffset? At(long milliseconds) =>
        milliseconds == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
