using Bifrost.Web.Parts;

namespace Bifrost.Web.Tests.Parts;

public sealed class PeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_named_period_ends_now()
    {
        var period = Period.Of("7d", null, null, Now);
        Assert.Equal((Now.AddDays(-7), Now, "7d"), (period.Start, period.End, period.Name));
    }

    [Fact]
    public void A_period_may_be_given_by_its_ends()
    {
        var period = Period.Of("7d", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", Now);
        Assert.Equal(TimeSpan.FromDays(1), period.End - period.Start);
        Assert.Null(period.Name);
    }

    [Theory]
    [InlineData("nonsense", null, null)]
    [InlineData(null, "yesterday", "today")]
    [InlineData(null, "2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z")]
    public void What_makes_no_sense_is_the_last_day(string? name, string? from, string? to) =>
        Assert.Equal(Now.AddHours(-24), Period.Of(name, from, to, Now).Start);

    [Fact]
    public void The_time_before_is_as_long_and_ends_where_it_starts()
    {
        var period = Period.Of("6h", null, null, Now);
        Assert.Equal((period.Start.AddHours(-6), period.Start), (period.Before.Start, period.Before.End));
    }
}
