using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Wire.Faults;
using static Bifrost.Governance.Tests.Limits.TillFixture;

namespace Bifrost.Governance.Tests.Limits;

/// <summary>What callers are told, word for word. It is a quarter past noon.</summary>
public sealed class RefusalTests
{
    private readonly TillFixture _at = new();

    [Fact]
    public void A_budget_that_is_used_up()
    {
        var set = _at.Open(Budget(Cent), LimitLevel.Team, "search");
        _at.Spend(13_000_000, set);

        Refused(
            _at.Refusal(Costs(1), set),
            402,
            "budget_exceeded",
            "Budget exceeded: Team 'search' has $0.0130 used of $0.0100 (per 1h). It resets in 45 minutes. Wait until then, or have the limit raised.",
            TimeSpan.FromMinutes(45)
        );
    }

    [Fact]
    public void An_amount_is_never_rounded_into_another_one()
    {
        var set = _at.Open(Budget(9_999_999), LimitLevel.Customer, "acme");
        _at.Spend(9_999_999, set);

        Assert.Contains("has $0.009999999 used of $0.009999999 (per 1h)", _at.Refusal(Costs(1), set).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_others_hold()
    {
        var set = _at.Open(Budget(Cent));
        _at.Hold(Costs(Cent), set);

        Refused(
            _at.Refusal(Costs(1), set),
            402,
            "budget_exceeded",
            "Budget exceeded: VK 'mine' has $0.0000 used and $0.0100 held by calls in flight of $0.0100 (per 1h). It resets in 45 minutes. "
                + "Try again when the calls in flight have ended, or have the limit raised.",
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void A_prepaid_budget_that_is_used_up_tells_nobody_to_wait()
    {
        var set = _at.Open(Budget(Cent, "never"), LimitLevel.User, "ann");
        _at.Spend(Cent, set);

        Refused(
            _at.Refusal(Costs(1), set),
            402,
            "budget_exceeded",
            "Budget exceeded: User 'ann' has $0.0100 used of $0.0100 (prepaid). It never resets. Have the limit raised.",
            null
        );
    }

    [Fact]
    public void A_hard_budget_with_too_little_left_for_this_call()
    {
        var set = _at.Open(Hard(3 * Cent, "1M"), LimitLevel.BusinessUnit, "labs");
        _at.Spend(2 * Cent, set);

        Refused(
            _at.Refusal(Costs(2 * Cent), set),
            402,
            "budget_exceeded",
            "Budget exceeded: this call may cost $0.0200, and Business unit 'labs' has $0.0100 left of a hard budget of $0.0300 (per 1M), with $0.0200 used. "
                + "It resets in 4 days 12 hours. Ask for less output. Wait until then, or have the limit raised.",
            TimeSpan.FromHours(107.75)
        );
    }

    [Fact]
    public void A_call_that_costs_more_than_the_whole_hard_budget_is_told_not_to_wait()
    {
        var fault = _at.Refusal(Costs(2 * Cent), _at.Open(Hard(Cent)));

        Assert.EndsWith("Ask for less output. Have the limit raised.", fault.Message, StringComparison.Ordinal);
        Assert.Null(fault.RetryAfter);
    }

    [Fact]
    public void A_hard_budget_and_a_call_that_nobody_can_bound()
    {
        var set = _at.Open(Hard(Cent), LimitLevel.Provider, "openai");

        Refused(
            _at.Refusal(new CallEstimate { ExpectedCost = 1, Choices = 1 }, set),
            402,
            "budget_exceeded",
            "Provider 'openai' has a hard budget of $0.0100 (per 1h), and nobody can say what this call may cost at most. "
                + "Set a cap on the output, use a model with a price, or ask for a budget with standard enforcement.",
            null
        );
    }

    [Fact]
    public void Tokens_used_up()
    {
        var set = _at.Open(Rate(tokens: 1000), LimitLevel.Provider, "openai");
        _at.Settle(_at.Hold(Costs(0, 10), set), 0, 1200);

        Refused(
            _at.Refusal(Costs(0, 10), set),
            429,
            "token_limited",
            "Rate limit reached: Provider 'openai' has 1200 tokens used of 1000 (per 1h, resets in 45 minutes). Wait until then, or have the limit raised.",
            TimeSpan.FromMinutes(45)
        );
    }

    [Fact]
    public void Tokens_that_others_hold()
    {
        var set = _at.Open(Rate(tokens: 1000));
        _at.Hold(Costs(0, 1000), set);

        Refused(
            _at.Refusal(Costs(0, 10), set),
            429,
            "token_limited",
            "Rate limit reached: VK 'mine' has 0 tokens used and 1000 held by calls in flight of 1000 (per 1h, resets in 45 minutes). "
                + "Try again when the calls in flight have ended, or have the limit raised.",
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void Requests_used_up()
    {
        var set = _at.Open(Rate(requests: 1, reset: "1m"), LimitLevel.Model, "gpt-4o");
        _at.Clock.Advance(TimeSpan.FromSeconds(20.5));
        _at.Spend(0, set);

        Refused(
            _at.Refusal(Costs(0), set),
            429,
            "request_limited",
            "Rate limit reached: Model 'gpt-4o' has 1 request used of 1 (per 1m, resets in 40 seconds). Wait until then, or have the limit raised.",
            TimeSpan.FromSeconds(39.5)
        );
    }

    [Fact]
    public void Tokens_and_requests_used_up_at_one_level()
    {
        var rate = Rate(tokens: 10, requests: 1) with { RequestResetDuration = "1d" };
        var set = _at.Open(rate, LimitLevel.VirtualKeyProvider, "mine/openai");
        _at.Settle(_at.Hold(Costs(0), set), 0, 10);

        Refused(
            _at.Refusal(Costs(0), set),
            429,
            "rate_limited",
            "Rate limit reached: VK provider config 'mine/openai' has 10 tokens used of 10 (per 1h, resets in 45 minutes); "
                + "1 request used of 1 (per 1d, resets in 11 hours 45 minutes). Wait until then, or have the limit raised.",
            TimeSpan.FromMinutes(705)
        );
    }

    [Fact]
    public void Too_many_calls_at_once()
    {
        var set = _at.Open(Rate(calls: 2));
        _at.Hold(Costs(0), set);
        _at.Hold(Costs(0), set);

        Refused(
            _at.Refusal(Costs(0), set),
            429,
            "concurrency_limited",
            "Too many calls at once: VK 'mine' has 2 running of 2. Try again when one of them has ended, or have the limit raised.",
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void A_dimension_is_named_with_its_value()
    {
        var limit = new DimensionLimit
        {
            Id = "d",
            Name = "project",
            Header = "x-bf-project-id",
            Budgets = [Budget(Cent)],
        };
        var set = _at.Till.OpenPart(limit, "apollo").Value!;
        _at.Spend(Cent, set);

        Assert.StartsWith(
            "Budget exceeded: Dimension 'project' = 'apollo' has",
            _at.Refusal(Costs(1), set).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rates_come_before_budgets_from_the_key_up_and_the_first_level_is_the_one_that_is_named()
    {
        var key = _at.Open(LimitLevel.VirtualKey, "key", [Hard(Cent, id: "a")]);
        var team = _at.Open(LimitLevel.Team, "team", [Hard(Cent, id: "b")], Rate(requests: 1, id: "r"));
        _at.Spend(Cent, key, team);

        Assert.Contains("Team 'team'", _at.Refusal(Costs(1), key, team).Message, StringComparison.Ordinal);
        _at.Till.Open(LimitLevel.Team, "team", [Hard(Cent, id: "b")], Rate(requests: 9, id: "r"));
        Assert.Contains("VK 'key'", _at.Refusal(Costs(1), key, team).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_budget_of_a_provider_comes_before_the_rate_of_a_model()
    {
        var provider = _at.Open(LimitLevel.Provider, "openai", [Budget(Cent)]);
        var model = _at.Open(Rate(requests: 1), LimitLevel.Model, "gpt-4o");
        _at.Spend(Cent, provider, model);

        Assert.Equal("budget_exceeded", Word(_at.Refusal(Costs(1), provider, model)));
    }

    [Theory]
    [InlineData(0, "1 second")]
    [InlineData(0.2, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "1 minute")]
    [InlineData(61, "1 minute 1 second")]
    [InlineData(3599.1, "1 hour")]
    [InlineData(3601, "1 hour 1 minute")]
    [InlineData(86_399, "24 hours")]
    [InlineData(90_000, "1 day 1 hour")]
    public void Time_is_told_in_human_words_and_never_too_short(double seconds, string told) =>
        Assert.Equal(told, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Amounts_of_any_size_are_told()
    {
        Assert.Equal("$9223372036.854775807", Words.Dollars(long.MaxValue));
        Assert.Equal("$0.000000001", Words.Dollars(1));
        Assert.Equal("$0.0000", Words.Dollars(0));
        Assert.Equal("$12.3000", Words.Dollars(12_300_000_000));
    }

    private static void Refused(Fault fault, int status, string word, string message, TimeSpan? retryAfter)
    {
        Assert.Equal(message, fault.Message);
        Assert.Equal((status, word, retryAfter), (fault.Status, Word(fault), fault.RetryAfter));
    }

    private static string? Word(Fault fault) => fault.Code ?? fault.Rule.Code;
}
