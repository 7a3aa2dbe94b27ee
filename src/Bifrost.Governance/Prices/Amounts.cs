using System.Globalization;
using System.Text.Json;

namespace Bifrost.Governance.Prices;

/// <summary>Amounts of money in JSON: numbers, or the same as text for who does not trust numbers.</summary>
internal static class Amounts
{
    // A decimal keeps 28 digits and rounds the rest away without a word.
    private const int Longest = 27;

    /// <summary>False for anything but a number that is kept exactly.</summary>
    public static bool TryRead(JsonElement value, out decimal amount)
    {
        amount = 0;
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;
        return text.Length is > 0 and <= Longest
            && decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out amount)
            && (amount != 0 || IsZero(text));
    }

    /// <summary>1e-40 is too small for a decimal, and not zero.</summary>
    private static bool IsZero(string text)
    {
        var exponent = text.AsSpan().IndexOfAny('e', 'E');
        return !(exponent < 0 ? text : text.AsSpan(0, exponent)).ContainsAnyInRange('1', '9');
    }
}
