using System.Globalization;
using System.Text.Json.Nodes;

namespace Bifrost.Admin.Bodies;

/// <summary>Dollars as they are written in JSON, and nanodollars as they are kept. No float in between.</summary>
internal static class Dollars
{
    private const int Decimals = 9;
    private const decimal PerDollar = 1_000_000_000m;

    /// <summary>The number as it stands in the body. Null: what is wrong with it is in <paramref name="wrong"/>.</summary>
    public static long? TryRead(string number, out string wrong)
    {
        wrong = "";
        if (!TryExact(number, out var usd))
        {
            wrong = "has more digits than an amount of money can have.";
            return null;
        }

        if (usd != decimal.Round(usd, Decimals))
        {
            wrong = "has more than nine decimals; a billionth of a dollar is the least there is.";
            return null;
        }

        if (Math.Abs(usd) > long.MaxValue / PerDollar)
        {
            wrong = "is more than nine billion dollars.";
            return null;
        }

        return (long)(usd * PerDollar);
    }

    public static JsonNode Write(long nanodollars) => JsonValue.Create(nanodollars / PerDollar);

    /// <summary><c>$0.0125</c>: at least two decimals, and no zeros after them.</summary>
    public static string Show(long nanodollars) =>
        $"{(nanodollars < 0 ? "-" : "")}${Math.Abs(nanodollars / PerDollar).ToString("0.00#######", CultureInfo.InvariantCulture)}";

    /// <summary>False when a decimal would have to round.</summary>
    public static bool TryExact(string number, out decimal value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        // A decimal keeps 28 digits and rounds the rest away without a word.
        value = 0;
        return Significant(number) <= 28
            && decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out value)
            && !Vanished(number, value);
    }

    private static int Significant(string number)
    {
        var mantissa = number.AsSpan(0, Mantissa(number)).TrimStart('-').TrimStart('0');
        var count = 0;
        foreach (var letter in mantissa)
        {
            count += char.IsAsciiDigit(letter) ? 1 : 0;
        }

        return count;
    }

    private static bool Vanished(string number, decimal value) =>
        value == 0 && number.AsSpan(0, Mantissa(number)).ContainsAnyInRange('1', '9');

    private static int Mantissa(string number) => number.AsSpan().IndexOfAny('e', 'E') is var at and >= 0 ? at : number.Length;
}
