using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Tests.Limits;

/// <summary>What limits mean, written to be read and not to be fast: dollars as decimals, everything that was ever charged in a list, everything
/// that is held summed up over the calls that are open.</summary>
internal sealed class SequentialModel
{
    public List<ModelOwner> Owners { get; } = [];

    public List<ModelCall> Open { get; } = [];

    public DateTime Now { get; set; }

    public void TouchAll()
    {
        foreach (var owner in Owners)
        {
            owner.Touch(Now);
        }
    }

    public decimal Held(ModelBudget budget) => Open.Sum(call => call.Held.GetValueOrDefault(budget));

    public long HeldTokens(ModelRate rate) =>
        Open.Where(call => call.Owners.Any(owner => owner.Rate == rate)).Sum(call => call.ExpectedTokens);

    public int Running(ModelRate rate) => Open.Count(call => call.Owners.Any(owner => owner.Rate == rate));

    /// <summary>Null: the call is admitted and open. Otherwise the published word of the refusal, and whose it is.</summary>
    public string? Admit(ModelCall call)
    {
        foreach (var (owner, budget) in InOrder(call.Owners))
        {
            var word =
                budget is null ? RateWord(owner.Rate!)
                : BudgetFits(call, budget) ? null
                : "budget_exceeded";
            if (word is not null)
            {
                return $"{word} at {owner.Name}";
            }
        }

        var isHard = false;
        foreach (var budget in call.Owners.SelectMany(owner => owner.Budgets))
        {
            isHard |= budget.Hard;
        }

        call.Estimate = isHard ? Math.Min(call.ExpectedCost, call.Most) : call.ExpectedCost;
        foreach (var owner in call.Owners)
        {
            foreach (var budget in owner.Budgets)
            {
                call.Held[budget] = budget.Hard ? call.Most : call.Estimate;
            }

            if (owner.Rate is { Requests.Limit: not null } rate)
            {
                rate.Requests.Charged.Add(1);
                call.CountedIn[rate] = rate.Requests.Number;
            }
        }

        Open.Add(call);
        return null;
    }

    public void Settle(ModelCall call, decimal cost, long tokens)
    {
        Open.Remove(call);
        foreach (var owner in call.Owners)
        {
            owner.Budgets.ForEach(budget => budget.Window.Charged.Add(cost));
            if (owner.Rate is { Tokens.Limit: not null } rate)
            {
                rate.Tokens.Charged.Add(tokens);
            }
        }
    }

    public void Release(ModelCall call, bool keepRequest)
    {
        Open.Remove(call);
        foreach (var (rate, window) in call.CountedIn)
        {
            if (!keepRequest && rate.Requests.Number == window)
            {
                rate.Requests.Charged.Add(-1);
            }
        }
    }

    public bool Covers(ModelCall call, decimal cost)
    {
        var hard = call.Held.Keys.Where(budget => budget.Hard).ToList();
        if (!call.AskedHard || cost <= call.Most)
        {
            return true;
        }

        if (hard.Any(budget => budget.Used + Held(budget) + Math.Max(0, cost - call.Held[budget]) > budget.LimitAt(Now)))
        {
            return false;
        }

        hard.ForEach(budget => call.Held[budget] = Math.Max(cost, call.Held[budget]));
        call.Most = cost;
        return true;
    }

    /// <summary>The published order, one line for each step; an entry without a budget is the owner's rate limit.</summary>
    private static IEnumerable<(ModelOwner Owner, ModelBudget? Budget)> InOrder(List<ModelOwner> owners)
    {
        LimitLevel[][] chapters =
        [
            [LimitLevel.Provider],
            [LimitLevel.Model],
            [LimitLevel.User],
            [LimitLevel.Dimension],
            [LimitLevel.VirtualKeyProvider, LimitLevel.VirtualKey, LimitLevel.Team, LimitLevel.BusinessUnit, LimitLevel.Customer],
        ];
        foreach (var chapter in chapters)
        {
            foreach (var owner in owners.Where(owner => chapter.Contains(owner.Level) && owner.Rate is not null))
            {
                yield return (owner, null);
            }

            foreach (var owner in owners.Where(owner => chapter.Contains(owner.Level)))
            {
                foreach (var budget in owner.Budgets)
                {
                    yield return (owner, budget);
                }
            }
        }
    }

    private string? RateWord(ModelRate rate)
    {
        var tokens = rate.Tokens.Limit is { } mostTokens && rate.Tokens.Used + HeldTokens(rate) >= mostTokens;
        var requests = rate.Requests.Limit is { } mostRequests && rate.Requests.Used >= mostRequests;
        return tokens && requests ? "rate_limited"
            : tokens ? "token_limited"
            : requests ? "request_limited"
            : rate.Concurrent is { } most && Running(rate) >= most ? "concurrency_limited"
            : null;
    }

    private bool BudgetFits(ModelCall call, ModelBudget budget)
    {
        var room = budget.LimitAt(Now) - budget.Used - Held(budget);
        if (room <= 0)
        {
            return false;
        }

        return !budget.Hard || call.FitInto(room);
    }
}

internal sealed class ModelCall
{
    public required List<ModelOwner> Owners { get; init; }

    public required decimal ExpectedCost { get; init; }

    public required long ExpectedTokens { get; init; }

    public required decimal? Fixed { get; init; }

    public required decimal PerToken { get; init; }

    public required bool CanLower { get; init; }

    public long? Cap { get; set; }

    public bool Lowered { get; private set; }

    public bool AskedHard { get; private set; }

    public decimal Most { get; set; }

    public decimal Estimate { get; set; }

    public Dictionary<ModelBudget, decimal> Held { get; } = [];

    public Dictionary<ModelRate, int> CountedIn { get; } = [];

    public bool FitInto(decimal room)
    {
        AskedHard = true;
        if (Fixed is not { } sure || (PerToken > 0 && Cap is null && !CanLower))
        {
            return false;
        }

        if (PerToken == 0)
        {
            Most = sure;
            return sure <= room;
        }

        if (Cap is { } cap && sure + PerToken * cap <= room)
        {
            Most = sure + PerToken * cap;
            return true;
        }

        var fits = Math.Floor((room - sure) / PerToken);
        if (!CanLower || fits < 16)
        {
            return false;
        }

        (Cap, Lowered) = ((long)Math.Min(fits, Cap ?? 4096), true);
        Most = sure + PerToken * Cap.Value;
        return true;
    }
}

internal sealed class ModelOwner
{
    public required LimitLevel Level { get; init; }

    public required string Name { get; init; }

    public List<ModelBudget> Budgets { get; } = [];

    public ModelRate? Rate { get; set; }

    public void Touch(DateTime now)
    {
        Budgets.ForEach(budget => budget.Window.Touch(now));
        Rate?.Tokens.Touch(now);
        Rate?.Requests.Touch(now);
    }
}

internal sealed class ModelBudget
{
    public required decimal Limit { get; set; }

    public required bool Hard { get; set; }

    public required ModelWindow Window { get; init; }

    public (decimal Amount, DateTime From, int? Cycles)? Override { get; set; }

    public decimal Used => Window.Charged.Sum();

    public decimal LimitAt(DateTime now)
    {
        if (Override is not { } granted || now < granted.From)
        {
            return Limit;
        }

        var end = granted.Cycles is null ? DateTime.MaxValue : granted.From;
        for (var i = 0; i < granted.Cycles; i++)
        {
            end = Window.Kind.EndAfter(end);
        }

        return (now > Window.Start ? now : Window.Start) < end ? Limit + granted.Amount : Limit;
    }
}

internal sealed class ModelRate
{
    public required ModelWindow Tokens { get; init; }

    public required ModelWindow Requests { get; init; }

    public int? Concurrent { get; set; }
}

/// <summary>What was charged since the running period began.</summary>
internal sealed class ModelWindow
{
    public required ModelPeriod Kind { get; set; }

    public long? Limit { get; set; }

    public List<decimal> Charged { get; } = [];

    /// <summary>How many periods have begun.</summary>
    public int Number { get; private set; }

    public DateTime Start { get; set; }

    public DateTime End { get; set; }

    public decimal Used => Charged.Sum();

    public void Begin(DateTime now) => (Start, End) = (Kind.StartBefore(now), Kind.EndAfter(now));

    public void Touch(DateTime now)
    {
        if (now >= End)
        {
            Charged.Clear();
            Number++;
            Begin(now);
        }
    }

    public void Change(ModelPeriod kind, DateTime now)
    {
        Touch(now);
        var at = now > Start ? now : Start;
        var start = kind.StartBefore(at);
        if (kind.Aligned && !Kind.Aligned)
        {
            // Zeroed now, so what is counted from here on is told from what was counted before.
            Charged.Clear();
            start =
                start > Start ? start
                : at > Start ? at
                : Start.AddMilliseconds(1);
        }

        Start = start > Start ? start : Start;
        (Kind, End) = (kind, kind.EndAfter(at));
    }
}

/// <summary>A kind of period, found by going from one to the next. All begin on the same first of January.</summary>
internal sealed record ModelPeriod(string Written, bool Aligned, Func<DateTime, DateTime>? Next)
{
    public static DateTime First { get; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static ModelPeriod[] All { get; } =
    [
        new("1h", false, at => at.AddHours(1)),
        new("1d", false, at => at.AddDays(1)),
        new("1M", false, at => at.AddDays(30)),
        new("1d", true, at => at.AddDays(1)),
        new("1M", true, at => at.AddMonths(1)),
        new("never", false, null),
    ];

    public DateTime StartBefore(DateTime now)
    {
        var start = First;
        while (Next is not null && Next(start) <= now)
        {
            start = Next(start);
        }

        return start;
    }

    public DateTime EndAfter(DateTime now) => Next is null ? DateTime.MaxValue : Next(StartBefore(now));
}
