using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bifrost.Governance.Limits;

/// <summary>A duration as limits write it: <c>1h30m</c> (units <c>ns us ms s m h</c>, any of them, any number of times) or one number with <c>d</c>
/// (24 h), <c>w</c> (7 d), <c>M</c> (30 d), <c>Q</c> (90 d) or <c>Y</c> (365 d). Fractions are fine; <c>m</c> is minutes, <c>M</c> months.</summary>
/// <param name="Milliseconds">At least 1; a started one counts whole.</param>
/// <param name="CalendarUnit">One of <c>d w M Q Y</c>, or null for a duration that no calendar knows.</param>
/// <param name="Count">How many of the unit; 0 without a unit.</param>
internal readonly record struct ResetDuration(long Milliseconds, char? CalendarUnit, decimal Count)
{
    private const decimal Day = 24 * 3600 * 1_000_000_000m;
    private const decimal Longest = 1000 * 365 * Day;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out ResetDuration duration, [NotNullWhen(false)] out string? mistake)
    {
        duration = default;
        mistake = null;
        var rest = text.AsSpan();
        var nanoseconds = 0m;
        char? calendar = null;
        var parts = 0;
        var count = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !TryNumber(rest[..digits], out count))
            {
                mistake = Malformed(text);
                return false;
            }

            rest = rest[digits..];
            var next = rest.IndexOfAny(Digits);
            var unit = next < 0 ? rest : rest[..next];
            rest = next < 0 ? [] : rest[next..];
            if (Nanoseconds(unit) is not { } size || (calendar = Calendar(unit)) is not null && (parts > 0 || !rest.IsEmpty))
            {
                mistake = Malformed(text);
                return false;
            }

            nanoseconds = count > Longest / size ? Longest + 1 : Math.Min(nanoseconds + count * size, Longest + 1);
            parts++;
        }

        if (parts == 0)
        {
            mistake = Malformed(text);
        }
        else if (nanoseconds <= 0)
        {
            mistake = $"'{text}' lasts no time at all; it must be longer than zero";
        }
        else if (nanoseconds > Longest)
        {
            mistake = $"'{text}' is longer than 1000 years; write 'never' for a limit that does not reset";
        }
        else
        {
            duration = new ResetDuration((long)decimal.Ceiling(nanoseconds / 1_000_000), calendar, calendar is null ? 0 : count);
        }

        return mistake is null;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out decimal number)
    {
        number = 0;
        return digits.Length <= 20 && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static string Malformed(string text) =>
        $"'{text}' is not a duration; write a number and a unit such as 30s, 1h, 1d, 1w, 1M (month), 1Q or 1Y, or 'never'";

    private static char? Calendar(ReadOnlySpan<char> unit) => unit is "d" or "w" or "M" or "Q" or "Y" ? unit[0] : null;

    private static decimal? Nanoseconds(ReadOnlySpan<char> unit) =>
        unit switch
        {
            "ns" => 1,
            // Go writes micro with either of the two signs Unicode has for it.
            "us" or "\u00b5s" or "\u03bcs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => Day,
            "w" => 7 * Day,
            "M" => 30 * Day,
            "Q" => 90 * Day,
            "Y" => 365 * Day,
            _ => null,
        };
}
