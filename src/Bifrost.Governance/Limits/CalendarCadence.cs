namespace Bifrost.Governance.Limits;

/// <summary>Days, weeks (from Monday), months, quarters and years as people in a time zone live them: a day of 23 or 25 hours is one day.</summary>
internal sealed class CalendarCadence(char unit, TimeZoneInfo zone, int quarterStartMonth) : Cadence
{
    private static readonly DateOnly FarFuture = new(9000, 1, 1);

    public override Period At(long now, long anchor)
    {
        var first = FirstDay(now);
        var next = Next(first);
        var (start, end) = (Midnight(first), Midnight(next));

        // Where clocks are set back over midnight a date comes twice, and where a whole day is skipped it never comes; so the date only says
        // where to look, and the instants decide.
        while (now >= end)
        {
            (first, next) = (next, Next(next));
            (start, end) = (end, Midnight(next));
        }

        while (now < start)
        {
            first = First(first.AddDays(-1));
            (start, end) = (Midnight(first), start);
        }

        return new Period(start, end);
    }

    public override long EndOf(long from, long anchor, int cycles)
    {
        // The period's own middle: its first date may lie before the first instant.
        var period = At(from, anchor);
        var day = FirstDay(period.Start + (period.End - period.Start) / 2);
        for (var i = 0; i < cycles; i++)
        {
            if (day > FarFuture)
            {
                return long.MaxValue;
            }

            day = Next(day);
        }

        return Midnight(day);
    }

    private DateOnly FirstDay(long now) =>
        First(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(now), zone).DateTime));

    private DateOnly First(DateOnly day) =>
        unit switch
        {
            'd' => day,
            'w' => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            'M' => new DateOnly(day.Year, day.Month, 1),
            'Q' => new DateOnly(day.Year, day.Month, 1).AddMonths(-((day.Month - quarterStartMonth + 12) % 3)),
            _ => new DateOnly(day.Year, 1, 1),
        };

    private DateOnly Next(DateOnly first) =>
        unit switch
        {
            'd' => first.AddDays(1),
            'w' => first.AddDays(7),
            'M' => first.AddMonths(1),
            'Q' => first.AddMonths(3),
            _ => first.AddYears(1),
        };

    /// <summary>The first instant of a date: the earlier one if midnight comes twice, the first that exists if it does not come.</summary>
    private long Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        if (zone.IsInvalidTime(local))
        {
            return EndOfGap(local);
        }

        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            foreach (var other in zone.GetAmbiguousTimeOffsets(local))
            {
                offset = other > offset ? other : offset;
            }
        }

        return new DateTimeOffset(local, offset).ToUnixTimeMilliseconds();
    }

    /// <summary>The instant at which clocks jump over <paramref name="local"/>.</summary>
    private long EndOfGap(DateTime local)
    {
        var noonBefore = local.AddHours(-12);
        var after = new DateTimeOffset(local, zone.GetUtcOffset(noonBefore)).ToUnixTimeMilliseconds();
        var before = after - 12 * 3_600_000;
        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;
            var shown = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(middle), zone).DateTime;
            (before, after) = shown >= local ? (before, middle) : (middle, after);
        }

        return after;
    }
}
