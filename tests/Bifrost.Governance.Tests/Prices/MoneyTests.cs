using Bifrost.Governance.Prices;
using CsCheck;

namespace Bifrost.Governance.Tests.Prices;

public sealed class MoneyTests
{
    private static readonly Gen<Money> Amounts = Gen.Long.Select(picos => Money.FromPicos(picos));

    [Fact]
    public void What_is_written_is_read_back() =>
        Amounts.Sample(amount => Money.TryParse(amount.ToString(), out var read) && read == amount);

    [Fact]
    public void Adding_and_taking_away_again_changes_nothing() => Gen.Select(Amounts, Amounts).Sample((one, two) => one + two - two == one);

    [Theory]
    [InlineData("0.0063", "0.0063")]
    [InlineData("12", "12")]
    [InlineData("12.50", "12.5")]
    [InlineData("-0.000000000001", "-0.000000000001")]
    public void Dollars_are_shown_with_the_decimals_they_need(string text, string shown)
    {
        Assert.True(Money.TryParse(text, out var money));
        Assert.Equal(shown, money.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("0.0000000000001")]
    [InlineData("99999999999999999999999999999")]
    public void What_is_no_exact_amount_is_refused(string? text) => Assert.False(Money.TryParse(text, out _));

    [Fact]
    public void A_price_per_million_is_whole_per_token()
    {
        Assert.True(Money.TryPerMillion(0.003625m, out var price));
        Assert.Equal(3_625, (long)price.Picos);
        Assert.False(Money.TryPerMillion(0.0000001m, out _));
    }

    [Fact]
    public void A_tenth_of_a_cent_a_thousand_times_is_a_dollar()
    {
        Assert.True(Money.TryFromUsd(0.001m, out var price));

        Assert.Equal("1", Enumerable.Repeat(price, 1_000).Aggregate(Money.Zero, (sum, each) => sum + each).ToString());
    }

    [Fact]
    public void Too_much_money_throws_instead_of_wrapping() =>
        Assert.Throws<OverflowException>(() => Money.FromPicos(Int128.MaxValue) + Money.FromPicos(1));
}
