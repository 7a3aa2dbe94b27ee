using System.Globalization;
using System.Runtime.CompilerServices;
using Bifrost.Core.Contracts;

namespace Bifrost.Observability.RequestLog;

/// <summary>Writes how a cost was computed, see <see cref="LogRow.CostLines"/>. Amounts are nanodollars.</summary>
public static class CostText
{
    /// <summary>Null when there is nothing to tell.</summary>
    public static string? Of(Charge? charge) => charge is { Lines: { Count: > 0 } lines } ? Of(lines) : null;

    public static string Of(IReadOnlyList<ChargeLine> lines)
    {
        // The kinds are words of ours, in which nothing needs an escape.
        var json = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[512]);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            json.AppendLiteral(i == 0 ? "[{\"kind\":\"" : ",{\"kind\":\"");
            json.AppendLiteral(line.Meter);
            json.AppendLiteral("\",\"quantity\":");
            json.AppendFormatted(line.Quantity);
            if (line.Quantity != 0)
            {
                json.AppendLiteral(",\"unit_price\":");
                json.AppendFormatted(decimal.Round(line.Nanodollars / line.Quantity, 6));
            }

            json.AppendLiteral(",\"amount\":");
            json.AppendFormatted(line.Nanodollars);
            json.AppendLiteral("}");
        }

        json.AppendLiteral(lines.Count == 0 ? "[]" : "]");
        return json.ToStringAndClear();
    }
}
