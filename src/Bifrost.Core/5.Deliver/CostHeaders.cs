using System.Buffers;
using System.Globalization;
using System.Text;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Framing;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Deliver;

/// <summary>Tells a caller who sends <c>x-bf-cost: true</c> what its call cost: in headers, or at the end of a stream in a comment, which every
/// client of server-sent events skips.</summary>
internal static class CostHeaders
{
    private const decimal NanodollarsPerDollar = 1_000_000_000m;

    public static bool AreWanted(Exchange exchange) =>
        !ReferenceEquals(exchange.Reservation, Reservation.None)
        && exchange.Http.Request.Headers.TryGetValue("x-bf-cost", out var asked)
        && string.Equals(asked.ToString(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>x-bf-cost</c> in dollars and <c>x-bf-cost-breakdown</c>; nothing when the cost is not known.</summary>
    public static void Write(Exchange exchange)
    {
        if (exchange.Reservation.CostOf(exchange) is not { Unpriced: false } charge)
        {
            return;
        }

        var headers = exchange.Http.Response.Headers;
        headers["x-bf-cost"] = Dollars(charge.Nanodollars);
        if (charge.Estimated)
        {
            headers["x-bf-cost-estimated"] = "true";
        }

        if (charge.Lines.Count > 0)
        {
            headers["x-bf-cost-breakdown"] = HeaderText.Of(Breakdown(charge.Lines));
        }
    }

    /// <summary><c>: x-bf-cost 0.00123</c>, as its own event.</summary>
    public static void WriteComment(Exchange exchange, IBufferWriter<byte> to)
    {
        if (exchange.Reservation.CostOf(exchange) is { Unpriced: false } charge)
        {
            SseWriter.Comment(Encoding.ASCII.GetBytes("x-bf-cost " + Dollars(charge.Nanodollars)), to);
        }
    }

    internal static string Dollars(long nanodollars) =>
        (nanodollars / NanodollarsPerDollar).ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Breakdown(IReadOnlyList<ChargeLine> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(line.Meter).Append('=').Append(Dollars(line.Nanodollars));
        }

        return text.ToString();
    }
}
