using System.Buffers;
using System.Globalization;
using System.Text;
using Bifrost.Wire.Framing;

namespace Bifrost.Core.Deliver;

/// <summary>Tells a caller who sends <c>x-bf-timing: true</c> where its time went: in <c>Server-Timing</c>
/// (https://www.w3.org/TR/server-timing/) as far as it is known when the answer begins, and the rest of a stream in a comment at its end.</summary>
internal static class TimingHeaders
{
    public static bool AreWanted(Exchange exchange) =>
        exchange.Http.Request.Headers.TryGetValue("x-bf-timing", out var asked)
        && string.Equals(asked.ToString(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Milliseconds: <c>accept</c> until the request was read; <c>plan</c> until the first target was tried; <c>upstream</c> until one began to
    /// answer; <c>gateway</c>, all that is ours; <c>total</c>, all of it.</summary>
    public static void Write(Exchange exchange)
    {
        var clock = exchange.Clock;
        var now = clock.GetTimestamp();
        var text = new StringBuilder(120);
        var upstream = TimeSpan.Zero;
        Add(text, "accept", clock.GetElapsedTime(exchange.StartedAt, exchange.AcceptedAt));
        if (exchange.TriedAt != 0)
        {
            upstream = clock.GetElapsedTime(exchange.TriedAt, exchange.AnsweredAt == 0 ? now : exchange.AnsweredAt);
            Add(text, "plan", clock.GetElapsedTime(exchange.AcceptedAt, exchange.TriedAt));
            Add(text, "upstream", upstream);
            if (exchange.Attempts.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $";desc=\"{exchange.Attempts.Count} failed\"");
            }
        }

        var total = clock.GetElapsedTime(exchange.StartedAt, now);
        Add(text, "gateway", total - upstream);
        Add(text, "total", total);
        exchange.Http.Response.Headers["Server-Timing"] = text.ToString();
    }

    /// <summary><c>: server-timing first_byte;dur=20.1, stream;dur=812.3, total;dur=832.4</c>, as its own event.</summary>
    public static void WriteComment(Exchange exchange, IBufferWriter<byte> to)
    {
        var text = new StringBuilder("server-timing ", 80);
        var total = exchange.Elapsed;
        var first = exchange.FirstByte ?? total;
        Add(text, "first_byte", first);
        Add(text, "stream", total - first);
        Add(text, "total", total);
        SseWriter.Comment(Encoding.ASCII.GetBytes(text.ToString()), to);
    }

    private static void Add(StringBuilder text, string name, TimeSpan time)
    {
        if (text.Length > 0 && text[^1] != ' ')
        {
            text.Append(", ");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name};dur={time.TotalMilliseconds:0.###}");
    }
}
