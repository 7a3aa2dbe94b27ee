using System.Globalization;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Reads the many spellings of sizes, ratios and resolutions.</summary>
internal static class Measures
{
    /// <summary>1024x768, 1280*720, 1152×896; anything may follow after a space.</summary>
    public static bool TrySize(string text, out int width, out int height)
    {
        (width, height) = (0, 0);
        var span = text.AsSpan().Trim();
        var space = span.IndexOf(' ');
        span = space > 0 ? span[..space] : span;
        var cut = span.IndexOfAny("xX*×");
        return cut > 0 && TryWhole(span[..cut], out width) && TryWhole(span[(cut + 1)..], out height) && width > 0 && height > 0;
    }

    /// <summary>16:9 as 1.78. Portrait and landscape have no number: they match by direction.</summary>
    public static bool TryRatio(string text, out double ratio)
    {
        ratio = 0;
        var span = text.AsSpan().Trim();
        var cut = span.IndexOf(':');
        if (cut <= 0 || !TryPositive(span[..cut], out var width) || !TryPositive(span[(cut + 1)..], out var height))
        {
            return false;
        }

        ratio = width / height;
        return true;
    }

    /// <summary>Pixels of a tier: "1 MP", "0.25", "2K", "720p", "standard", "high".</summary>
    public static bool TryTier(string text, out double pixels)
    {
        pixels = 0;
        var span = text.AsSpan().Trim();
        if (span.Equals("standard", StringComparison.OrdinalIgnoreCase))
        {
            pixels = Lines(720);
            return true;
        }

        if (span.Equals("high", StringComparison.OrdinalIgnoreCase))
        {
            pixels = Lines(1080);
            return true;
        }

        var digits = 0;
        while (digits < span.Length && (char.IsAsciiDigit(span[digits]) || span[digits] == '.'))
        {
            digits++;
        }

        if (!TryPositive(span[..digits], out var number))
        {
            return false;
        }

        var unit = span[digits..].Trim();
        if (unit.Length == 0 || unit.Equals("MP", StringComparison.OrdinalIgnoreCase))
        {
            // A bare number over 64 is a length in pixels, not megapixels.
            pixels = number * 1024 * 1024;
            return number <= 64;
        }

        if (unit.Equals("K", StringComparison.OrdinalIgnoreCase))
        {
            pixels = number * 1024 * number * 1024;
            return true;
        }

        pixels = Lines(number);
        return unit.Equals("p", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The number a text begins with: 5 of "5", "5s", "5 seconds".</summary>
    public static bool TryLeadingNumber(string text, out double number)
    {
        var span = text.AsSpan().Trim();
        var end = span is ['-', ..] ? 1 : 0;
        while (end < span.Length && (char.IsAsciiDigit(span[end]) || span[end] == '.'))
        {
            end++;
        }

        return double.TryParse(span[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static double Lines(double lines) => lines * lines * 16 / 9;

    private static bool TryWhole(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryPositive(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number is > 0 and < 1e9;
}
