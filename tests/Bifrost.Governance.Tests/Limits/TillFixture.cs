using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Wire.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Governance.Tests.Limits;

/// <summary>A till at a quarter past noon on 22 November 2026, a Sunday, and short words for limits.</summary>
internal sealed class TillFixture
{
    public const long Cent = 10_000_000;
    public const long Dollar = 100 * Cent;

    public static DateTimeOffset Anchor { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 15, 0, TimeSpan.Zero));

    public List<MeterCharge> Charges { get; } = [];

    public Till Till { get; private set; }

    public RateStanding Standing { get; private set; }

    public TillFixture() => Till = new Till(Clock);

    public static Budget Budget(long limit, string reset = "1h", Enforcement enforcement = Enforcement.Standard, string id = "budget") =>
        new()
        {
            Id = id,
            MaxLimit = limit,
            ResetDuration = reset,
            Enforcement = enforcement,
            Anchor = Anchor,
        };

    public static Budget Hard(long limit, string reset = "1h", string id = "budget") => Budget(limit, reset, Enforcement.Hard, id);

    public static RateLimit Rate(long? tokens = null, long? requests = null, long? calls = null, string reset = "1h", string id = "rate") =>
        new()
        {
            Id = id,
            TokenMaxLimit = tokens,
            TokenResetDuration = tokens is null ? null : reset,
            RequestMaxLimit = requests,
            RequestResetDuration = requests is null ? null : reset,
            ConcurrentMaxLimit = calls,
            Anchor = Anchor,
        };

    /// <summary>A call that costs exactly this.</summary>
    public static CallEstimate Costs(long cost, long tokens = 0) =>
        new()
        {
            ExpectedCost = cost,
            MostFixedCost = cost,
            ExpectedTokens = tokens,
            Choices = 1,
        };

    public LimitSet Open(Budget budget, LimitLevel level = LimitLevel.VirtualKey, string name = "mine") => Open(level, name, [budget]);

    public LimitSet Open(RateLimit rate, LimitLevel level = LimitLevel.VirtualKey, string name = "mine") =>
        Till.Open(level, name, [], rate);

    public LimitSet Open(LimitLevel level, string name, IReadOnlyList<Budget> budgets, RateLimit? rate = null) =>
        Till.Open(level, name, budgets, rate);

    public Hold Hold(CallEstimate estimate, params LimitSet[] sets)
    {
        var outcome = Try(estimate, sets);
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }

    public Fault Refusal(CallEstimate estimate, params LimitSet[] sets) => Assert.IsType<Fault>(Try(estimate, sets).Fault);

    public Outcome<Hold> Try(CallEstimate estimate, params LimitSet[] sets)
    {
        var outcome = Till.TryHold(sets, estimate, Charges, out var standing);
        Standing = standing;
        return outcome;
    }

    public void Settle(Hold hold, long cost, long tokens = 0) => Assert.True(Till.Settle(hold, cost, tokens, Charges));

    public void Spend(long cost, params LimitSet[] sets) => Settle(Hold(Costs(cost), sets), cost);

    public long Used(LimitSet set, LimitKind kind = LimitKind.Budget) => View(set, kind).Used;

    public LimitView View(LimitSet set, LimitKind kind = LimitKind.Budget) => Assert.Single(Till.View(set), view => view.Kind == kind);

    /// <summary>The process dies, and another one starts.</summary>
    public void Restart() => Till = new Till(Clock);
}
