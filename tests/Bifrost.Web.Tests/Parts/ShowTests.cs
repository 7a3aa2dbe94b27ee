using Bifrost.Web.Parts;

namespace Bifrost.Web.Tests.Parts;

public sealed class ShowTests
{
    [Theory]
    [InlineData("0", "$0.00")]
    [InlineData("12.5", "$12.50")]
    [InlineData("1234567.891", "$1,234,567.89")]
    [InlineData("0.5", "$0.50")]
    [InlineData("0.00002205", "$0.00002205")]
    [InlineData("0.000000001", "$0.000000001")]
    [InlineData("-3", "−$3.00")]
    public void Small_money_is_shown_with_as_many_decimals_as_it_needs(string dollars, string shown) =>
        Assert.Equal(shown, Show.Money(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("0.000451237", "$0.000451")]
    [InlineData("0.0021671", "$0.00217")]
    [InlineData("0.000000001", "$0.000000001")]
    [InlineData("12.5", "$12.50")]
    public void Very_small_money_has_three_digits_where_there_is_little_room(string dollars, string shown) =>
        Assert.Equal(shown, Show.Money(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture), brief: true));

    [Theory]
    [InlineData(9_999, "9,999")]
    [InlineData(10_000, "10 k")]
    [InlineData(1_250_000, "1.25 M")]
    [InlineData(3_000_000_000, "3 G")]
    public void Large_counts_are_shortened_where_there_is_little_room(double number, string shown) =>
        Assert.Equal(shown, Show.Count(number, brief: true));

    [Theory]
    [InlineData(0.4, "0.4 ms")]
    [InlineData(250, "250 ms")]
    [InlineData(1_500, "1.5 s")]
    [InlineData(125_000, "2 min 5 s")]
    public void Time_is_shown_in_the_unit_people_would_use(double milliseconds, string shown) =>
        Assert.Equal(shown, Show.Milliseconds(milliseconds));

    [Fact]
    public void What_is_not_known_is_a_dash()
    {
        Assert.Equal("–", Show.Money(null));
        Assert.Equal("–", Show.Count(null));
        Assert.Equal("–", Show.Milliseconds(null));
        Assert.Equal("–", Show.Percent(null));
        Assert.Equal("–", Show.Bytes(null));
    }

    [Fact]
    public void A_moment_is_shown_in_the_readers_zone_and_in_utc()
    {
        var at = new DateTimeOffset(2026, 11, 30, 23, 30, 0, TimeSpan.Zero);
        var zone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(1), "x", "x");
        Assert.Equal("2026-12-01 00:30:00", Show.Local(at, zone));
        Assert.Equal("00:30:00", Show.Local(at, zone, brief: true));
        Assert.Equal("2026-11-30 23:30:00.000 UTC", Show.Utc(at));
    }
}
