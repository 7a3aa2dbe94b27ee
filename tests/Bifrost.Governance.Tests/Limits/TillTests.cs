using Bifrost.Core.Contracts;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using static Bifrost.Governance.Tests.Limits.TillFixture;

namespace Bifrost.Governance.Tests.Limits;

public sealed class TillTests
{
    private readonly TillFixture _at = new();

    [Fact]
    public void The_call_that_crosses_a_standard_limit_is_served_and_the_next_is_not()
    {
        var set = _at.Open(Budget(Cent));
        _at.Spend(Cent - 1, set);
        _at.Spend(5 * Cent, set);

        Assert.Equal(6 * Cent - 1, _at.Used(set));
        _at.Refusal(Costs(0), set);
    }

    [Fact]
    public void A_refused_call_holds_nothing_anywhere()
    {
        var open = _at.Open(LimitLevel.VirtualKey, "key", [Budget(Dollar, id: "a")], Rate(100, 100, 100));
        var shut = _at.Open(Hard(Cent, id: "b"), LimitLevel.Team);

        _at.Refusal(Costs(2 * Cent, 10), open, shut);

        Assert.Empty(_at.Charges);
        Assert.All(_at.Till.View(open), view => Assert.Equal((0, 0), (view.Used, view.Reserved)));
    }

    [Fact]
    public void Every_level_is_charged_the_same()
    {
        var sets = new[]
        {
            _at.Open(Budget(Dollar, id: "a")),
            _at.Open(LimitLevel.Team, "t", [Budget(Dollar, "1d", id: "b"), Budget(Dollar, "1M", id: "c")]),
        };
        _at.Spend(Cent, sets);

        Assert.All([.. _at.Till.View(sets[0]), .. _at.Till.View(sets[1])], view => Assert.Equal(Cent, view.Used));
        Assert.Equal(["a", "b", "c"], _at.Charges.Select(charge => charge.Meter.Id));
        Assert.All(_at.Charges, charge => Assert.Equal((Cent, MeterUnit.Nanodollars), (charge.Amount, charge.Meter.Unit)));
    }

    [Fact]
    public void A_budget_is_new_in_the_next_period_though_nobody_called()
    {
        var set = _at.Open(Budget(Cent, "1d") with { CalendarAligned = true, TimeZone = "Europe/Berlin" });
        _at.Spend(Cent, set);
        // From a quarter past noon UTC to the midnight of Berlin.
        _at.Clock.Advance(TimeSpan.FromHours(10.75) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Cent, _at.Used(set));
        _at.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, _at.Used(set));
        Assert.Equal(_at.Clock.GetUtcNow(), _at.View(set).PeriodStart);
        Assert.Equal(_at.Clock.GetUtcNow().AddDays(1), _at.View(set).PeriodEnd);
    }

    [Fact]
    public void A_day_of_twenty_five_hours_resets_after_twenty_five_hours()
    {
        _at.Clock.SetUtcNow(new DateTimeOffset(2027, 10, 30, 22, 0, 0, TimeSpan.Zero));
        var set = _at.Open(Budget(Cent, "1d") with { CalendarAligned = true, TimeZone = "Europe/Berlin" });
        _at.Spend(Cent, set);
        _at.Clock.Advance(TimeSpan.FromHours(25) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Cent, _at.Used(set));
        _at.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, _at.Used(set));
    }

    [Fact]
    public void What_a_call_costs_is_paid_by_the_period_it_ends_in()
    {
        var set = _at.Open(Budget(Dollar));
        var hold = _at.Hold(Costs(Cent), set);
        _at.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, Cent), (_at.Used(set), _at.View(set).Reserved));
        _at.Settle(hold, Cent);

        Assert.Equal(Cent, _at.Used(set));
        Assert.Equal(_at.View(set).PeriodStart!.Value.ToUnixTimeMilliseconds(), Assert.Single(_at.Charges).PeriodStart);
    }

    [Fact]
    public void A_request_is_taken_back_only_from_the_window_it_was_counted_in()
    {
        var set = _at.Open(Rate(requests: 5));
        var early = _at.Hold(Costs(0), set);
        _at.Clock.Advance(TimeSpan.FromHours(1));
        _at.Hold(Costs(0), set);
        _at.Till.Release(early, keepRequest: false, _at.Charges);

        Assert.Equal(1, _at.Used(set, LimitKind.Requests));
        Assert.Empty(_at.Charges);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_released_call_keeps_its_request_if_it_went_upstream(bool keep, int counted)
    {
        var set = _at.Open(Rate(100, 5, 5));
        _at.Till.Release(_at.Hold(Costs(0, 10), set), keep, _at.Charges);

        Assert.Equal([0, counted, 0], _at.Till.View(set).Select(view => view.Used));
        Assert.Equal(counted, _at.Charges.Count);
        Assert.Equal(0, _at.View(set, LimitKind.Tokens).Reserved);
    }

    [Fact]
    public void A_hold_ends_once()
    {
        var set = _at.Open(Budget(Dollar));
        var hold = _at.Hold(Costs(Cent), set);
        _at.Settle(hold, Cent);

        Assert.False(_at.Till.Settle(hold, Cent, 0, _at.Charges));
        Assert.False(_at.Till.Release(hold, true, _at.Charges));
        Assert.Equal(Cent, _at.Used(set));
    }

    [Fact]
    public void The_rates_nearest_their_end_are_told()
    {
        var wide = _at.Open(Rate(1000, 100, id: "a"), LimitLevel.VirtualKey);
        var tight = _at.Open(Rate(500, 200, reset: "1d", id: "b"), LimitLevel.Team);
        _at.Hold(Costs(0, 10), wide, tight);

        Assert.Equal(new RateLimitView(100, 99, TimeSpan.FromMinutes(45)), _at.Standing.Requests);
        Assert.Equal(new RateLimitView(500, 490, TimeSpan.FromMinutes(705)), _at.Standing.Tokens);
    }

    [Fact]
    public void A_clock_that_goes_back_brings_nothing_back_and_resets_nothing_twice()
    {
        var set = _at.Open(Budget(Dollar));
        _at.Spend(Cent, set);
        _at.Clock.Advance(TimeSpan.FromHours(1));
        _at.Spend(2 * Cent, set);
        _at.Clock.AdjustTime(_at.Clock.GetUtcNow().AddHours(-1));
        Assert.Equal(2 * Cent, _at.Used(set));
        _at.Clock.AdjustTime(_at.Clock.GetUtcNow().AddHours(1));

        Assert.Equal(2 * Cent, _at.Used(set));
    }

    [Fact]
    public void An_edit_keeps_what_was_used_and_a_raised_limit_lets_the_next_call_pass()
    {
        var set = _at.Open(Budget(Cent));
        _at.Spend(Cent, set);
        _at.Refusal(Costs(1), set);
        var edited = _at.Open(Budget(2 * Cent));
        _at.Till.Close(set);

        Assert.Equal(Cent, _at.Used(edited));
        _at.Hold(Costs(1), edited);
    }

    [Fact]
    public void Aligning_a_budget_with_the_calendar_sets_it_to_zero()
    {
        _at.Spend(Cent, _at.Open(Budget(Dollar, "1d")));
        var carried = new List<MeterCharge>();
        var set = _at.Till.Open(LimitLevel.VirtualKey, "mine", [Budget(Dollar, "1d") with { CalendarAligned = true }], null, carried);

        Assert.Equal(0, _at.Used(set));
        Assert.Equal(0, Assert.Single(carried).Amount);
    }

    [Fact]
    public void Raising_the_epoch_sets_the_spend_to_zero_and_leaves_the_end_of_the_period_and_what_is_held()
    {
        var set = _at.Open(Budget(Dollar));
        _at.Spend(Cent, set);
        _at.Hold(Costs(2 * Cent), set);
        var end = _at.View(set).PeriodEnd;
        _at.Open(Budget(Dollar) with { UsageEpoch = 1 });

        Assert.Equal((0, 2 * Cent, end), (_at.Used(set), _at.View(set).Reserved, _at.View(set).PeriodEnd));
    }

    [Fact]
    public void An_override_adds_to_the_limit_for_as_many_periods_as_it_says()
    {
        var granted = new BudgetOverride(Cent, _at.Clock.GetUtcNow(), 2);
        var set = _at.Open(Hard(Cent) with { Override = granted });
        Assert.Equal((Cent, 2 * Cent), (_at.View(set).Limit, _at.View(set).EffectiveLimit));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 14, 0, 0, TimeSpan.Zero), _at.View(set).OverrideEnd);
        _at.Clock.Advance(TimeSpan.FromMinutes(104));
        Assert.Equal(2 * Cent, _at.View(set).EffectiveLimit);
        _at.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Cent, _at.View(set).EffectiveLimit);
        Assert.Null(_at.View(set).OverrideEnd);
    }

    [Fact]
    public void A_top_up_of_a_prepaid_budget_lets_the_next_call_pass()
    {
        var set = _at.Open(Hard(Cent, "never"));
        _at.Spend(Cent, set);
        _at.Refusal(Costs(1), set);
        _at.Open(Hard(Cent, "never") with { Override = new BudgetOverride(Cent, _at.Clock.GetUtcNow(), null) });

        Assert.Equal(Cent, _at.View(set).Remaining);
        Assert.Null(_at.View(set).PeriodEnd);
        _at.Spend(Cent, set);
    }

    [Fact]
    public void What_is_closed_is_forgotten_though_its_calls_end_properly()
    {
        var set = _at.Open(Budget(Dollar));
        var hold = _at.Hold(Costs(Cent), set);
        _at.Till.Close(set);
        _at.Settle(hold, Cent);

        Assert.Equal("budget", Assert.Single(_at.Charges).Meter.Id);
        Assert.Equal(0, _at.Used(_at.Open(Budget(Dollar))));
    }

    [Fact]
    public void What_was_kept_is_there_after_a_start_unless_its_period_is_over_or_it_was_set_to_zero()
    {
        var start = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        _at.Till.Load([
            new CounterState("now", start, 0, Cent),
            new CounterState("over", start - 3_600_000, 0, Cent),
            new CounterState("zeroed", start, 0, Cent),
            new CounterState("rate:tokens", start, 0, 70),
            new CounterState("rate:requests", start, 0, 7),
        ]);
        var set = _at.Open(
            LimitLevel.VirtualKey,
            "mine",
            [Budget(Dollar, id: "now"), Budget(Dollar, id: "over"), Budget(Dollar, id: "zeroed") with { UsageEpoch = 1 }],
            Rate(100, 10)
        );

        Assert.Equal([Cent, 0, 0, 70, 7], _at.Till.View(set).Select(view => view.Used));
    }

    [Fact]
    public void A_limit_that_is_set_again_after_a_restart_finds_what_was_kept()
    {
        var start = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var set = _at.Open(Rate(tokens: 100));
        _at.Till.Load([new CounterState("rate:requests", start, 0, 7)]);
        _at.Open(Rate(tokens: 100, requests: 10));

        Assert.Equal(7, _at.Used(set, LimitKind.Requests));
    }

    [Fact]
    public void A_limit_that_was_not_validated_is_a_bug_and_leaves_no_trace()
    {
        Assert.Throws<ArgumentException>(() => _at.Open(LimitLevel.User, "u", [Budget(Cent), Budget(Cent, "1x", id: "b")]));
        Assert.Equal(0, _at.Used(_at.Open(Budget(Cent))));
    }
}
