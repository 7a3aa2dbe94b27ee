using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using static Bifrost.Governance.Tests.Limits.TillFixture;

namespace Bifrost.Governance.Tests.Limits;

public sealed class DimensionTests
{
    private readonly TillFixture _at = new();
    private readonly DimensionLimit _run = new()
    {
        Id = "d",
        Name = "run",
        Header = "x-run",
        Budgets = [Budget(Cent)],
    };

    [Fact]
    public void Every_value_has_counters_of_its_own()
    {
        _at.Spend(Cent, Part("one"));

        _at.Refusal(Costs(1), Part("one"));
        _at.Hold(Costs(1), Part("two"));
        Assert.Equal("budget@two", Assert.Single(_at.Charges).Meter.Id);
    }

    [Fact]
    public void An_edited_limit_holds_from_the_next_call_on_and_usage_stays()
    {
        _at.Spend(Cent, Part("one"));
        var set = _at.Till.OpenPart(_run with { Budgets = [Budget(2 * Cent)] }, "one").Value!;

        Assert.Equal(Cent, _at.View(set).Remaining);
        Assert.Equal(1, _at.Till.Parts);
    }

    [Fact]
    public void A_value_beyond_the_most_is_refused_until_another_one_is_over()
    {
        var first = Part("0");
        for (var i = 0; i < Till.MostParts; i++)
        {
            _at.Spend(1, Part($"{i}"));
        }

        var fault = _at.Till.OpenPart(_run, "one more").Fault!;
        Assert.Equal((429, "rate_limited"), (fault.Status, fault.Code ?? fault.Rule.Code));
        Assert.Contains("x-run", fault.Message, StringComparison.Ordinal);
        Assert.Same(first, Part("0"));

        _at.Clock.Advance(TimeSpan.FromHours(1));
        _at.Spend(1, Part("0"));
        Assert.NotNull(_at.Till.OpenPart(_run, "one more").Value);
        Assert.Equal(2, _at.Till.Parts);
    }

    [Fact]
    public void A_value_forgotten_between_finding_and_counting_is_counted_where_the_next_call_looks()
    {
        var late = Part("late");
        for (var i = 0; i < Till.MostParts; i++)
        {
            Part($"{i}");
        }

        Assert.DoesNotContain(late, _at.Till.PartsOf("d"));
        _at.Spend(Cent, late);

        _at.Refusal(Costs(1), Part("late"));
    }

    [Fact]
    public void A_value_with_a_call_in_flight_is_not_forgotten_even_if_nothing_is_held()
    {
        var set = Part("busy");
        var hold = _at.Hold(Costs(0), set);
        for (var i = 0; i < Till.MostParts; i++)
        {
            Part($"{i}");
        }

        _at.Settle(hold, Cent);
        Assert.Equal(Cent, _at.Used(Part("busy")));
    }

    [Fact]
    public void A_value_that_is_too_long_is_a_mistake_of_the_caller()
    {
        Assert.NotNull(_at.Till.OpenPart(_run, new string('x', 256)).Value);
        Assert.Equal(400, _at.Till.OpenPart(_run, new string('x', 257)).Fault!.Status);
    }

    [Fact]
    public void Nothing_is_left_of_a_limit_that_is_gone()
    {
        var set = Part("one");
        _at.Spend(Cent / 2, set);
        _at.Till.CloseParts("d");
        _at.Spend(Cent / 4, set);

        Assert.Equal(0, _at.Till.Parts);
        Assert.Equal(0, _at.Used(Part("one")));
    }

    private LimitSet Part(string value) => _at.Till.OpenPart(_run, value).Value!;
}
