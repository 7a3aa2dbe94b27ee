using System.Globalization;
using Bifrost.Governance.Limits;
using CsCheck;

namespace Bifrost.Governance.Tests.Limits;

public sealed class CadenceTests
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    [Theory]
    [InlineData("1ms", 1)]
    [InlineData("1ns", 1)]
    [InlineData("1500us", 2)]
    [InlineData("1500µs", 2)]
    [InlineData("90s", 90_000)]
    [InlineData("1m", 60_000)]
    [InlineData("1h", Hour)]
    [InlineData("1h30m", Hour * 3 / 2)]
    [InlineData("1h0.5m10s", Hour + 40_000)]
    [InlineData("1.5h", Hour * 3 / 2)]
    [InlineData("0.5d", Day / 2)]
    [InlineData(".5d", Day / 2)]
    [InlineData("1d", Day)]
    [InlineData("2w", 14 * Day)]
    [InlineData("1M", 30 * Day)]
    [InlineData("1Q", 90 * Day)]
    [InlineData("1Y", 365 * Day)]
    [InlineData("1000Y", 365_000 * Day)]
    public void A_rolling_period_lasts_as_long_as_is_written(string written, long milliseconds)
    {
        var period = Read(written).At(1_800_000_000_000, 1_700_000_000_000);

        Assert.Equal(milliseconds, period.End - period.Start);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("h")]
    [InlineData("1H")]
    [InlineData("1D")]
    [InlineData("1 h")]
    [InlineData("-1h")]
    [InlineData("+1h")]
    [InlineData("1..5h")]
    [InlineData(".h")]
    [InlineData("1e3s")]
    [InlineData("1d12h")]
    [InlineData("12h1d")]
    [InlineData("1M1M")]
    [InlineData("0s")]
    [InlineData("0h0m")]
    [InlineData("1001Y")]
    [InlineData("999999999999999Y")]
    [InlineData("9999999999999999h")]
    [InlineData("Never")]
    public void What_is_no_duration_is_a_mistake_that_names_it(string written)
    {
        Assert.False(Cadence.TryRead(written, false, "UTC", 1, out _, out var mistake));
        Assert.Contains($"'{written}'", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1h")]
    [InlineData("24h")]
    [InlineData("0.5d")]
    [InlineData("1.5M")]
    [InlineData("never")]
    public void Only_whole_days_weeks_months_quarters_and_years_follow_the_calendar(string written)
    {
        Assert.False(Cadence.TryRead(written, true, "UTC", 1, out _, out var mistake));
        Assert.Contains("calendar", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Europe/Berlim", 1, "Europe/Berlim")]
    [InlineData("", 1, "time zone")]
    [InlineData("UTC", 0, "month 0")]
    [InlineData("UTC", 13, "month 13")]
    public void A_time_zone_or_month_that_is_not_there_is_a_mistake(string zone, int month, string named)
    {
        Assert.False(Cadence.TryRead("1d", false, zone, month, out _, out var mistake));
        Assert.Contains(named, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rolling_grid_never_drifts_from_its_anchor()
    {
        var cadence = Read("1h");
        var anchor = Ms("2026-01-01T00:17:00Z");

        Assert.Equal(Period("2026-03-05T11:17:00Z", "2026-03-05T12:17:00Z"), cadence.At(Ms("2026-03-05T12:16:59.999Z"), anchor));
        Assert.Equal(Period("2026-03-05T12:17:00Z", "2026-03-05T13:17:00Z"), cadence.At(Ms("2026-03-05T12:17:00Z"), anchor));
        Assert.Equal(Period("2025-12-31T23:17:00Z", "2026-01-01T00:17:00Z"), cadence.At(Ms("2025-12-31T23:59:00Z"), anchor));
    }

    [Fact]
    public void A_prepaid_period_never_ends()
    {
        Assert.Equal(new Period(5, long.MaxValue), Read("never").At(99, 5));
        Assert.Equal(long.MaxValue, Read("never").EndOf(99, 5, 3));
    }

    [Theory]
    // Plain.
    [InlineData("1d", "UTC", 1, "2026-11-22T15:00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("1w", "UTC", 1, "2026-11-22T23:59:59.999Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("1w", "UTC", 1, "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")]
    [InlineData("2w", "UTC", 1, "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")]
    [InlineData("1M", "UTC", 1, "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("1Y", "UTC", 1, "2026-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    // February, long and short.
    [InlineData("1M", "UTC", 1, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData("1M", "UTC", 1, "2027-02-28T12:00:00Z", "2027-02-01T00:00:00Z", "2027-03-01T00:00:00Z")]
    [InlineData("1d", "UTC", 1, "2028-02-29T12:00:00Z", "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData("1Y", "UTC", 1, "2028-06-01T00:00:00Z", "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")]
    // Quarters from every kind of first month.
    [InlineData("1Q", "UTC", 1, "2026-03-31T23:00:00Z", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")]
    [InlineData("1Q", "UTC", 2, "2026-01-31T23:00:00Z", "2025-11-01T00:00:00Z", "2026-02-01T00:00:00Z")]
    [InlineData("1Q", "UTC", 2, "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-05-01T00:00:00Z")]
    [InlineData("1Q", "UTC", 3, "2026-02-28T23:59:59Z", "2025-12-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("1Q", "UTC", 12, "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-03-01T00:00:00Z")]
    [InlineData("1Q", "UTC", 10, "2026-11-22T00:00:00Z", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    // Somebody else's midnight.
    [InlineData("1d", "Asia/Tokyo", 1, "2026-11-22T14:59:59Z", "2026-11-21T15:00:00Z", "2026-11-22T15:00:00Z")]
    [InlineData("1d", "Asia/Kathmandu", 1, "2026-11-22T18:15:00Z", "2026-11-22T18:15:00Z", "2026-11-23T18:15:00Z")]
    [InlineData("1M", "America/New_York", 1, "2026-12-01T04:59:59Z", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z")]
    // Clocks change: 23 hours, 25 hours, and half an hour on Lord Howe.
    [InlineData("1d", "Europe/Berlin", 1, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("1d", "Europe/Berlin", 1, "2026-10-25T00:30:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("1w", "Europe/Berlin", 1, "2026-03-29T21:59:59Z", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("1M", "Europe/Berlin", 1, "2026-10-25T12:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")]
    [InlineData("1Q", "Europe/Berlin", 1, "2026-05-01T00:00:00Z", "2026-03-31T22:00:00Z", "2026-06-30T22:00:00Z")]
    [InlineData("1d", "America/New_York", 1, "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")]
    [InlineData("1d", "America/New_York", 1, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    [InlineData("1d", "Australia/Lord_Howe", 1, "2026-04-04T20:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z")]
    [InlineData("1d", "Australia/Lord_Howe", 1, "2026-10-03T20:00:00Z", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z")]
    // Midnight that does not exist: the day starts at one o'clock.
    [InlineData("1d", "America/Sao_Paulo", 1, "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")]
    [InlineData("1d", "America/Sao_Paulo", 1, "2018-11-04T02:59:59.999Z", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z")]
    // Clocks go back at midnight to eleven: that hour still belongs to the day before.
    [InlineData("1d", "America/Sao_Paulo", 1, "2019-02-17T02:30:00Z", "2019-02-16T02:00:00Z", "2019-02-17T03:00:00Z")]
    // Midnight that comes twice: the first one counts.
    [InlineData("1d", "America/Havana", 1, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    // Samoa went without the thirtieth.
    [InlineData("1d", "Pacific/Apia", 1, "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z")]
    [InlineData("1d", "Pacific/Apia", 1, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z")]
    public void A_calendar_period_begins_and_ends_when_people_there_say(
        string written,
        string zone,
        int month,
        string now,
        string start,
        string end
    ) => Assert.Equal(Period(start, end), Read(written, true, zone, month).At(Ms(now), 0));

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/Havana")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Africa/Cairo")]
    [InlineData("Asia/Tehran")]
    [InlineData("Pacific/Apia")]
    public void Calendar_periods_follow_each_other_without_a_gap(string zone)
    {
        foreach (var written in new[] { "1d", "1w", "1M", "1Q", "1Y" })
        {
            var cadence = Read(written, true, zone, 2);
            var period = cadence.At(Ms("2010-01-01T12:00:00Z"), 0);
            while (period.End < Ms("2028-01-01T00:00:00Z"))
            {
                Assert.True(period.Start < period.End);
                Assert.Equal(period, cadence.At(period.Start, 0));
                Assert.Equal(period, cadence.At(period.End - 1, 0));
                var next = cadence.At(period.End, 0);
                Assert.Equal(period.End, next.Start);
                period = next;
            }
        }
    }

    [Fact]
    public void Any_moment_lies_within_its_period() =>
        Gen.Select(
                Gen.OneOf("17s", "1h30m", "1d", "1w", "1M", "1Q", "1Y"),
                Gen.Bool,
                Gen.OneOf("UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"),
                Gen.Int[1, 12],
                Gen.Long[0, 3_000_000_000_000],
                Gen.Long[-3_000_000_000_000, 3_000_000_000_000]
            )
            .Sample(
                (written, aligned, zone, month, now, anchor) =>
                {
                    var cadence = Read(written, aligned && written.Length == 2, zone, month);
                    var period = cadence.At(now, anchor);
                    return period.Start <= now
                        && now < period.End
                        && cadence.At(period.Start, anchor) == period
                        && cadence.EndOf(now, anchor, 1) == period.End
                        && cadence.EndOf(now, anchor, 2) == cadence.At(period.End, anchor).End;
                }
            );

    [Theory]
    [InlineData("1M", true, 3, "2026-04-01T00:00:00Z")]
    [InlineData("1M", false, 3, "2026-04-01T00:00:00Z")]
    [InlineData("1d", true, 1, "2026-01-16T00:00:00Z")]
    [InlineData("1d", false, 0, "2026-01-15T00:00:00Z")]
    public void Cycles_are_counted_from_the_period_they_were_granted_in(string written, bool aligned, int cycles, string end) =>
        Assert.Equal(Ms(end), Read(written, aligned).EndOf(Ms("2026-01-15T12:00:00Z"), Ms("2026-01-01T00:00:00Z"), cycles));

    [Fact]
    public void Cycles_without_end_never_end()
    {
        Assert.Equal(long.MaxValue, Read("1Y", true).EndOf(0, 0, int.MaxValue));
        Assert.Equal(long.MaxValue, Read("1000Y").EndOf(0, 0, int.MaxValue));
    }

    private static Cadence Read(string written, bool aligned = false, string zone = "UTC", int month = 1)
    {
        Assert.True(Cadence.TryRead(written, aligned, zone, month, out var cadence, out var mistake), mistake);
        return cadence;
    }

    private static Period Period(string start, string end) => new(Ms(start), Ms(end));

    private static long Ms(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
