using Bifrost.Governance.Limits;
using static Bifrost.Governance.Tests.Limits.TillFixture;

namespace Bifrost.Governance.Tests.Limits;

public sealed class HardBudgetTests
{
    private readonly TillFixture _at = new();

    [Fact]
    public void A_hundred_calls_of_a_cent_fit_a_dollar_and_the_next_does_not()
    {
        var set = _at.Open(Hard(Dollar));
        for (var i = 0; i < 100; i++)
        {
            _at.Spend(Cent, set);
        }

        Assert.Equal(0, _at.View(set).Remaining);
        Assert.Equal(402, _at.Refusal(Costs(1), set).Status);
    }

    [Fact]
    public void The_output_cap_is_lowered_to_what_fits()
    {
        var hold = _at.Hold(Capped(cap: 1000), _at.Open(Hard(Cent)));

        // One cent, less two tenths for the input, at 10,000 nanodollars for each token of two choices.
        Assert.Equal(400, hold.OutputCap);
    }

    [Fact]
    public void The_tightest_of_several_hard_budgets_decides_and_all_hold_the_same()
    {
        var wide = _at.Open(Hard(100 * Cent, id: "a"), LimitLevel.VirtualKey);
        var tight = _at.Open(Hard(Cent, id: "b"), LimitLevel.Team);

        Assert.Equal(400, _at.Hold(Capped(cap: 10_000), wide, tight).OutputCap);
        Assert.Equal(Cent, _at.View(wide).Reserved);
        Assert.Equal(Cent, _at.View(tight).Reserved);
    }

    [Fact]
    public void A_cap_that_fits_is_left_alone() => Assert.Null(_at.Hold(Capped(cap: 400), _at.Open(Hard(Cent))).OutputCap);

    [Fact]
    public void Without_any_cap_one_is_set()
    {
        Assert.Equal(400, _at.Hold(Capped(cap: null), _at.Open(Hard(Cent, id: "a"))).OutputCap);
        Assert.Equal(4096, _at.Hold(Capped(cap: null), _at.Open(Hard(1000 * Dollar, id: "b"))).OutputCap);
    }

    [Fact]
    public void A_cap_is_not_lowered_to_a_uselessly_short_answer()
    {
        Assert.Equal(16, _at.Hold(Capped(cap: 1000), _at.Open(Hard(2_000_000 + 16 * 20_000, id: "a"))).OutputCap);
        _at.Refusal(Capped(cap: 1000), _at.Open(Hard(2_000_000 + 16 * 20_000 - 1, id: "b")));
    }

    [Fact]
    public void A_cap_that_cannot_be_written_is_not_lowered() =>
        _at.Refusal(Capped(cap: 1000) with { CanLowerCap = false }, _at.Open(Hard(Cent)));

    [Fact]
    public void A_standard_budget_lowers_nothing() => Assert.Null(_at.Hold(Capped(cap: 1_000_000), _at.Open(Budget(Cent))).OutputCap);

    [Fact]
    public void What_is_charged_after_a_crash_is_no_more_than_the_lowered_cap_allows()
    {
        var hold = _at.Hold(Capped(cap: 1000) with { ExpectedCost = Dollar }, _at.Open(Hard(Cent)));

        Assert.Equal(Cent, hold.EstimatedCost);
        Assert.Equal(Cent, Assert.Single(_at.Charges).Amount);
    }

    [Fact]
    public void A_stream_is_covered_up_to_what_is_held_and_beyond_while_there_is_money()
    {
        var set = _at.Open(Hard(3 * Cent));
        var hold = _at.Hold(Costs(Cent), set);
        var other = _at.Hold(Costs(Cent), set);

        Assert.True(_at.Till.Covers(hold, Cent));
        Assert.True(_at.Till.Covers(hold, 2 * Cent));
        Assert.False(_at.Till.Covers(hold, 2 * Cent + 1));
        Assert.Equal(3 * Cent, _at.View(set).Reserved);
        Assert.True(_at.Till.Release(other, keepRequest: true, _at.Charges));
        Assert.True(_at.Till.Covers(hold, 3 * Cent));
        Assert.False(_at.Till.Covers(hold, 3 * Cent + 1));
    }

    [Fact]
    public void A_stream_under_standard_budgets_is_never_cut() =>
        Assert.True(_at.Till.Covers(_at.Hold(Costs(Cent), _at.Open(Budget(Cent))), long.MaxValue));

    [Fact]
    public void Numbers_of_any_size_are_refused_or_counted_but_never_wrap_around()
    {
        var set = _at.Open(Hard(long.MaxValue));
        var huge = new CallEstimate
        {
            ExpectedCost = long.MaxValue,
            ExpectedTokens = long.MaxValue,
            MostFixedCost = long.MaxValue,
            MostPerOutputToken = long.MaxValue,
            Choices = int.MaxValue,
            OutputCap = long.MaxValue,
        };
        _at.Refusal(huge, set);

        var most = huge with { MostPerOutputToken = 0 };
        var standard = _at.Open(LimitLevel.Team, "t", [Budget(long.MaxValue, id: "s")], Rate(tokens: long.MaxValue));
        var holds = new[]
        {
            _at.Hold(most with { ExpectedCost = long.MaxValue - 1, ExpectedTokens = long.MaxValue - 1 }, standard),
            _at.Hold(most, standard),
        };
        Assert.Equal(long.MaxValue, _at.View(standard).Reserved);
        Assert.Equal(0, _at.View(standard).Remaining);
        _at.Settle(holds[0], long.MaxValue - 5, long.MaxValue);
        _at.Settle(holds[1], long.MaxValue, long.MaxValue);
        Assert.Equal(long.MaxValue, _at.Used(standard));
        Assert.Equal(0, _at.View(standard).Reserved);
        _at.Refusal(Costs(0), standard);
    }

    [Fact]
    public void Negative_numbers_give_nothing_back()
    {
        var set = _at.Open(Budget(Cent));
        _at.Settle(_at.Hold(Costs(-Cent, -5), set), -Cent, -5);

        Assert.Equal((0, 0), (_at.Used(set), _at.View(set).Reserved));
    }

    /// <summary>Two tenths of a cent for the input, and two choices of 10,000 nanodollars a token.</summary>
    private static CallEstimate Capped(long? cap) =>
        new()
        {
            ExpectedCost = 1000,
            MostFixedCost = 2_000_000,
            MostPerOutputToken = 10_000,
            Choices = 2,
            OutputCap = cap,
            CanLowerCap = true,
        };
}
