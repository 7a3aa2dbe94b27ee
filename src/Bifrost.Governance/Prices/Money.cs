using System.Globalization;

namespace Bifrost.Governance.Prices;

/// <summary>
/// An amount of US dollars, counted in picodollars (10⁻¹² USD). A price of six decimals per million tokens is a whole number of them per
/// token, so that adding and multiplying never round. Overflow throws; it takes 10²⁶ dollars.
/// </summary>
public readonly record struct Money : IComparable<Money>
{
    private const long PicosPerDollar = 1_000_000_000_000;
    private const long MicrosPerUnit = 1_000_000;
    private const long PicosPerNano = 1_000;

    private Money(Int128 picos) => Picos = picos;

    public static Money Zero => default;

    /// <summary>Whole picodollars; may be negative, as a difference can be.</summary>
    public Int128 Picos { get; }

    public static Money FromPicos(Int128 picos) => new(picos);

    /// <summary>False if the amount has more than twelve decimals or is too large to be one.</summary>
    public static bool TryFromUsd(decimal usd, out Money money) => TryScale(usd, PicosPerDollar, out money);

    /// <summary>The price of one of something sold by the million. False if it has more than six decimals or is too large.</summary>
    public static bool TryPerMillion(decimal usdPerMillion, out Money money) =>
        TryScale(usdPerMillion, PicosPerDollar / 1_000_000, out money);

    /// <summary>Reads dollars such as <c>12</c> or <c>0.0063</c>: digits, one point, a leading minus; nothing is rounded.</summary>
    public static bool TryParse(string? text, out Money money)
    {
        money = default;
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

        // A decimal keeps 28 digits and rounds the rest away silently; twelve decimals is all an amount can have.
        var point = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return (point < 0 || text!.Length - point - 1 <= 12)
            && decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var usd)
            && TryFromUsd(usd, out money);
    }

    /// <summary>This price for a quantity given in millionths, such as seconds with a fraction; a started picodollar counts whole.</summary>
    public Money ForMicros(Int128 micros) => new(DivideUp(checked(Picos * micros), MicrosPerUnit));

    /// <summary>A part of this amount; a started picodollar counts whole.</summary>
    public Money Percent(int percent) => new(DivideUp(checked(Picos * percent), 100));

    /// <summary>In nanodollars (10⁻⁹ USD), as limits and the ledger count; a started one counts whole. What does not fit is the largest that does.</summary>
    public long ToNanodollars()
    {
        var nanos = DivideUp(Picos, PicosPerNano);
        return nanos > long.MaxValue ? long.MaxValue : (long)nanos;
    }

    public int CompareTo(Money other) => Picos.CompareTo(other.Picos);

    /// <summary>Dollars with as many decimals as are needed, and all of them: <c>0.000975</c>.</summary>
    public override string ToString()
    {
        var size = Int128.Abs(Picos);
        var whole = size / PicosPerDollar;
        var rest = (long)(size % PicosPerDollar);
        var sign = Picos < 0 ? "-" : "";
        var decimals = rest == 0 ? "" : "." + rest.ToString("D12", CultureInfo.InvariantCulture).TrimEnd('0');
        return sign + whole.ToString(CultureInfo.InvariantCulture) + decimals;
    }

    public static Money operator +(Money left, Money right) => new(checked(left.Picos + right.Picos));

    public static Money operator -(Money left, Money right) => new(checked(left.Picos - right.Picos));

    public static Money operator *(Money price, long quantity) => new(checked(price.Picos * quantity));

    public static bool operator <(Money left, Money right) => left.Picos < right.Picos;

    public static bool operator >(Money left, Money right) => left.Picos > right.Picos;

    public static bool operator <=(Money left, Money right) => left.Picos <= right.Picos;

    public static bool operator >=(Money left, Money right) => left.Picos >= right.Picos;

    private static bool TryScale(decimal value, long scale, out Money money)
    {
        money = default;
        if (Math.Abs(value) > decimal.MaxValue / scale)
        {
            return false;
        }

        var scaled = value * scale;
        if (scaled != decimal.Truncate(scaled))
        {
            return false;
        }

        money = new Money((Int128)scaled);
        return true;
    }

    private static Int128 DivideUp(Int128 value, long divisor)
    {
        // Dividing 128 bits takes many times as long, and hardly any amount needs them.
        if (value >= 0 && value <= long.MaxValue)
        {
            var (small, rest) = Math.DivRem((long)value, divisor);
            return rest > 0 ? (Int128)small + 1 : small;
        }

        var whole = value / divisor;
        return value % divisor > 0 ? whole + 1 : whole;
    }
}
