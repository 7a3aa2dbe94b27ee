using System.Globalization;

namespace Bifrost.Web.Parts;

/// <summary>Numbers and times as people read them, with their units.</summary>
public static class Show
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Dollars: two decimals, and as many more as a small amount needs to be seen; of a very small one only the first three digits when there is little room.</summary>
    public static string Money(decimal? dollars, bool brief = false)
    {
        if (dollars is not { } value)
        {
            return "–";
        }

        var size = Math.Abs(value);
        var text =
            size == 0 || size >= 1 ? size.ToString("#,0.00", Culture)
            : size >= 0.01m ? size.ToString("0.00##", Culture)
            : brief ? Math.Round(size, Math.Clamp(2 - (int)Math.Floor(Math.Log10((double)size)), 2, 9)).ToString("0.#########", Culture)
            : size.ToString("0.#########", Culture);
        return $"{(value < 0 ? "−" : "")}${text}";
    }

    /// <summary>A place in a drawing: not for people.</summary>
    public static string Coordinate(double number) => number.ToString("0.##", Culture);

    /// <summary>A whole number with separators; from ten thousand on shortened when there is little room.</summary>
    public static string Count(double? number, bool brief = false)
    {
        if (number is not { } value)
        {
            return "–";
        }

        return !brief || Math.Abs(value) < 10_000 ? value.ToString("#,0.##", Culture)
            : Math.Abs(value) < 1_000_000 ? (value / 1_000).ToString("0.#", Culture) + " k"
            : Math.Abs(value) < 1_000_000_000 ? (value / 1_000_000).ToString("0.##", Culture) + " M"
            : (value / 1_000_000_000).ToString("0.##", Culture) + " G";
    }

    /// <summary>A stretch of time given in milliseconds.</summary>
    public static string Milliseconds(double? milliseconds)
    {
        if (milliseconds is not { } value)
        {
            return "–";
        }

        return value < 10 ? value.ToString("0.#", Culture) + " ms"
            : value < 1_000 ? value.ToString("0", Culture) + " ms"
            : value < 60_000 ? (value / 1_000).ToString("0.0#", Culture) + " s"
            : $"{(int)(value / 60_000)} min {(int)(value / 1_000) % 60} s";
    }

    /// <summary>A part of one.</summary>
    public static string Percent(double? share) =>
        share is not { } value ? "–" : (value * 100).ToString(Math.Abs(value) < 0.1 ? "0.0#" : "0.#", Culture) + " %";

    /// <summary>Bytes.</summary>
    public static string Bytes(double? bytes)
    {
        if (bytes is not { } value)
        {
            return "–";
        }

        return value < 1024 ? $"{value:0} B"
            : value < 1 << 20 ? (value / 1024).ToString("0.#", Culture) + " KiB"
            : value < 1 << 30 ? (value / (1 << 20)).ToString("0.#", Culture) + " MiB"
            : (value / (1 << 30)).ToString("0.##", Culture) + " GiB";
    }

    /// <summary>A moment in a zone; short: without the day.</summary>
    public static string Local(DateTimeOffset at, TimeZoneInfo zone, bool brief = false) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString(brief ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", Culture);

    /// <summary>A moment in UTC, said so.</summary>
    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", Culture) + " UTC";

    /// <summary>A period as the API writes it, in words: <c>1d</c> is <c>a day</c>.</summary>
    public static string Period(string? duration) =>
        duration switch
        {
            null or "" => "–",
            "never" => "once, prepaid",
            "1m" => "a minute",
            "1h" => "an hour",
            "1d" => "a day",
            "1w" => "a week",
            "1M" => "a month",
            "1Q" => "a quarter",
            "1Y" => "a year",
            _ => $"every {duration}",
        };

    /// <summary>How long until a moment.</summary>
    public static string Until(DateTimeOffset moment, DateTimeOffset now)
    {
        var left = moment - now;
        return left <= TimeSpan.Zero ? "now"
            : left.TotalMinutes < 1 ? $"in {left.TotalSeconds:0} s"
            : left.TotalHours < 1 ? $"in {left.TotalMinutes:0} min"
            : left.TotalDays < 2 ? $"in {left.TotalHours:0.#} h"
            : $"in {left.TotalDays:0} days";
    }
}
