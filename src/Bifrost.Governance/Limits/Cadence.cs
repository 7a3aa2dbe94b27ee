using System.Diagnostics.CodeAnalysis;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

/// <summary>The stretch of time a counter counts for, in Unix milliseconds.</summary>
/// <param name="Start">Its first millisecond.</param>
/// <param name="End">The first millisecond after it; <see cref="long.MaxValue"/> when it never ends.</param>
public readonly record struct Period(long Start, long End);

/// <summary>When a limit begins anew. Immutable and without a clock: the same questions always get the same answers, whether or not anybody called
/// in between, so that periods neither drift nor need a timer.</summary>
public abstract class Cadence
{
    private protected Cadence() { }

    /// <summary>The period in which <paramref name="now"/> lies. Periods follow each other without gaps and do not overlap.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="anchor">Unix milliseconds where a grid that follows no calendar begins.</param>
    public abstract Period At(long now, long anchor);

    /// <summary>The end of the last of <paramref name="cycles"/> periods, the one in which <paramref name="from"/> lies being the first.</summary>
    public abstract long EndOf(long from, long anchor, int cycles);

    /// <summary>Reads the cadence of a budget.</summary>
    /// <param name="budget">What the operator wrote.</param>
    /// <param name="cadence">Null when there is a mistake.</param>
    /// <param name="mistake">What is wrong with which value, and what would be right; without a full stop.</param>
    public static bool TryRead(Budget budget, [NotNullWhen(true)] out Cadence? cadence, [NotNullWhen(false)] out string? mistake) =>
        TryRead(budget.ResetDuration, budget.CalendarAligned, budget.TimeZone, budget.QuarterStartMonth, out cadence, out mistake);

    /// <summary>Reads a cadence. With <paramref name="calendarAligned"/> the number before the unit does not count, as has always been so:
    /// <c>2w</c> begins anew every Monday.</summary>
    /// <param name="duration">See <see cref="Budget.ResetDuration"/>. A rolling <c>M</c> is 30 days, <c>Q</c> 90 and <c>Y</c> 365.</param>
    /// <param name="calendarAligned">Only for <c>d w M Q Y</c>.</param>
    /// <param name="timeZone">IANA name; only the calendar asks for it, but it must exist.</param>
    /// <param name="quarterStartMonth">1 to 12.</param>
    /// <param name="cadence">Null when there is a mistake.</param>
    /// <param name="mistake">What is wrong with which value, and what would be right; without a full stop.</param>
    public static bool TryRead(
        string duration,
        bool calendarAligned,
        string timeZone,
        int quarterStartMonth,
        [NotNullWhen(true)] out Cadence? cadence,
        [NotNullWhen(false)] out string? mistake
    )
    {
        (cadence, mistake) = (null, null);
        var never = duration == "never";
        ResetDuration read = default;
        if (!never && !ResetDuration.TryParse(duration, out read, out mistake))
        {
            return false;
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone))
        {
            mistake = $"there is no time zone '{timeZone}'; write an IANA name such as Europe/Berlin, or UTC";
        }
        else if (quarterStartMonth is < 1 or > 12)
        {
            mistake = $"the first quarter cannot start in month {quarterStartMonth}; write 1 to 12";
        }
        else if (calendarAligned && (never || read.CalendarUnit is null || read.Count < 1 || read.Count % 1 != 0))
        {
            mistake = $"'{duration}' does not follow the calendar; with calendar_aligned write 1d, 1w, 1M, 1Q or 1Y";
        }
        else if (never)
        {
            cadence = Once.Only;
        }
        else if (calendarAligned)
        {
            cadence = new CalendarCadence(read.CalendarUnit!.Value, zone, quarterStartMonth);
        }
        else
        {
            cadence = new Grid(read.Milliseconds);
        }

        return cadence is not null;
    }

    /// <summary>Prepaid: one period that never ends.</summary>
    private sealed class Once : Cadence
    {
        public static Once Only { get; } = new();

        public override Period At(long now, long anchor) => new(anchor, long.MaxValue);

        public override long EndOf(long from, long anchor, int cycles) => long.MaxValue;
    }

    /// <summary>Equal steps from the anchor, in both directions.</summary>
    private sealed class Grid(long length) : Cadence
    {
        public override Period At(long now, long anchor)
        {
            var into = (now - anchor) % length;
            var start = now - (into < 0 ? into + length : into);
            return new Period(start, start + length);
        }

        public override long EndOf(long from, long anchor, int cycles)
        {
            var end = (Int128)At(from, anchor).Start + (Int128)length * Math.Max(cycles, 0);
            return (long)Int128.Min(end, long.MaxValue);
        }
    }
}
