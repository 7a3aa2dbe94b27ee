using System.Buffers;
using System.Text;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Deliver;

/// <summary>Copies the provider's bytes to the caller as they come, straight into the connection's own buffers, with a tap that watches.</summary>
internal static class Relay
{
    private const int BlockBytes = 4096;

    /// <summary>After a block that was full: more is there already.</summary>
    private const int LargeBlockBytes = 64 << 10;

    /// <summary>Headers that belong to a connection, not to an answer, and those that the gateway writes itself.</summary>
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "transfer-encoding",
        "upgrade",
        "trailer",
        "set-cookie",
        "www-authenticate",
        "alt-svc",
        "strict-transport-security",
        "server",
        "date",
        "x-request-id",
        "access-control-allow-origin",
        "access-control-expose-headers",
    };

    public static async ValueTask SendAsync(Exchange exchange, RelayedAnswer answer)
    {
        var response = exchange.Http.Response;
        var upstream = answer.Response;
        response.StatusCode = (int)upstream.StatusCode;
        CopyHeaders(upstream, response);
        Deliver.WriteCommonHeaders(exchange);

        var events = answer.IsEventStream;
        var copy = CopyOf(exchange, upstream, events);
        var tellsCost = CostHeaders.AreWanted(exchange);
        var tellsTiming = events && TimingHeaders.AreWanted(exchange);
        using var tap = UsageTap.For(exchange.CallerSpeaks, events, counts: !ReferenceEquals(exchange.Reservation, Reservation.None), copy);
        using var filter = events && exchange.UsageIsOurs ? new OwnUsageFilter() : null;
        if (tellsTiming || (events && !ReferenceEquals(exchange.Reservation, Reservation.None)))
        {
            // What is taken out or added changes it.
            response.ContentLength = null;
        }

        try
        {
            await using var from = answer.OpenBody();
            if (tellsCost && !events && await HeldAnswer.TrySendAsync(exchange, from, tap))
            {
                return;
            }

            await CopyAsync(exchange, answer, from, tap, filter, events);
            tap.End();
            See(exchange, tap);
            if (events && (tellsCost || tellsTiming) && exchange.Fault is null && (filter?.BetweenEvents ?? tap.BetweenEvents))
            {
                WriteComments(exchange, tellsCost, tellsTiming);
                await response.BodyWriter.FlushAsync(exchange.CallerLeft);
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            See(exchange, tap);
            await BreakOffAsync(exchange, broken, events ? filter?.BetweenEvents ?? tap.BetweenEvents : null);
        }
    }

    private static void WriteComments(Exchange exchange, bool cost, bool timing)
    {
        var to = new CountedWriter(exchange, exchange.Http.Response.BodyWriter);
        if (cost)
        {
            CostHeaders.WriteComment(exchange, to);
        }

        if (timing)
        {
            TimingHeaders.WriteComment(exchange, to);
        }
    }

    private static void See(Exchange exchange, UsageTap tap)
    {
        exchange.Usage = tap.Usage;
        exchange.OutputBytes = tap.OutputBytes;
        exchange.Chunks = tap.Chunks;
    }

    private static async ValueTask CopyAsync(
        Exchange exchange,
        RelayedAnswer answer,
        Stream from,
        UsageTap tap,
        OwnUsageFilter? filter,
        bool events
    )
    {
        var to = exchange.Http.Response.BodyWriter;
        var idle = TimeSpan.FromSeconds(exchange.Target!.Provider.Network.StreamIdleTimeoutSeconds);
        var deadline = exchange.Deadline!;
        exchange.FirstByte = exchange.Elapsed;
        if (!answer.Peeked.IsEmpty)
        {
            var over = Forward(exchange, answer.Peeked.Span, inPlace: false, tap, filter, events);
            answer.ForgetPeeked();
            await to.FlushAsync(exchange.CallerLeft);
            if (over)
            {
                return;
            }
        }

        var room = BlockBytes;
        while (true)
        {
            // An answer may go on for as long as it keeps coming.
            deadline.CancelAfter(idle);
            if (events)
            {
                // Wait with empty hands, so that thousands of silent streams hold no buffers.
                _ = await from.ReadAsync(Memory<byte>.Empty, deadline.Token);
            }

            // What is filtered is shorter than what came and cannot be read into its place.
            var aside = filter is null ? null : ArrayPool<byte>.Shared.Rent(room);
            bool over;
            try
            {
                var block = aside ?? to.GetMemory(room);
                var read = await from.ReadAsync(block, deadline.Token);
                if (read == 0)
                {
                    filter?.End(new CountedWriter(exchange, to));
                    return;
                }

                room = read == block.Length ? LargeBlockBytes : BlockBytes;
                over = Forward(exchange, block.Span[..read], inPlace: aside is null, tap, filter, events);
            }
            finally
            {
                if (aside is not null)
                {
                    ArrayPool<byte>.Shared.Return(aside);
                }
            }

            var flush = to.FlushAsync(exchange.CallerLeft);
            if (!flush.IsCompleted)
            {
                // A caller that reads slowly must not pass for a provider that is silent.
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            }

            if ((await flush).IsCompleted)
            {
                exchange.Fault = new Fault(FaultKind.CallerLeft, "The caller reads no more.");
                return;
            }

            if (over)
            {
                return;
            }
        }
    }

    /// <summary>Passes on what came. True: the money is gone, the caller was told, and what else the provider sends is not wanted.</summary>
    private static bool Forward(
        Exchange exchange,
        ReadOnlySpan<byte> bytes,
        bool inPlace,
        UsageTap tap,
        OwnUsageFilter? filter,
        bool events
    )
    {
        var to = exchange.Http.Response.BodyWriter;
        tap.See(bytes);
        if (!events)
        {
            exchange.AnswerCopy?.Write(bytes);
        }

        exchange.OutputBytes = tap.OutputBytes;
        var cut = events && !exchange.Reservation.Covers(tap.OutputBytes) && !IsLast(exchange, bytes, tap);
        // The fault must not become the other half of an event: without an end of one here, the next bytes are waited for.
        var end = cut ? EndOfEvents(bytes, tap) : bytes.Length;
        cut &= end >= 0;
        bytes = end >= 0 ? bytes[..end] : bytes;
        if (filter is not null)
        {
            filter.Pass(bytes, new CountedWriter(exchange, to));
        }
        else if (inPlace)
        {
            to.Advance(bytes.Length);
            exchange.ResponseBytes += bytes.Length;
        }
        else
        {
            to.Write(bytes);
            exchange.ResponseBytes += bytes.Length;
        }

        if (cut)
        {
            exchange.Fault = exchange.Reservation.ExhaustedFault;
            exchange.CallerSpeaks.WriteStreamFault(exchange.Fault, new CountedWriter(exchange, to));
        }

        return cut;
    }

    /// <summary>The answer is complete with these bytes; there is nothing to be saved by cutting it.</summary>
    private static bool IsLast(Exchange exchange, ReadOnlySpan<byte> bytes, UsageTap tap) =>
        bytes.TrimEnd("\r\n"u8).EndsWith("[DONE]"u8) || (exchange.Operation == Operation.Response && tap.Usage is not null);

    private static int EndOfEvents(ReadOnlySpan<byte> bytes, UsageTap tap)
    {
        if (tap.BetweenEvents)
        {
            return bytes.Length;
        }

        var end = bytes.LastIndexOf("\n\n"u8);
        var wide = bytes.LastIndexOf("\r\n\r\n"u8);
        return end < 0 && wide < 0 ? -1 : Math.Max(end + 2, wide + 4);
    }

    /// <param name="exchange">Whose answer broke.</param>
    /// <param name="broken">How.</param>
    /// <param name="betweenEvents">Whether the caller has seen whole events alone; null when the answer is no event stream.</param>
    private static async Task BreakOffAsync(Exchange exchange, Exception broken, bool? betweenEvents)
    {
        if (exchange.CallerLeft.IsCancellationRequested)
        {
            exchange.Fault = new Fault(FaultKind.CallerLeft, "The caller closed the connection before the answer was complete.");
            return;
        }

        var provider = exchange.Target!.Provider;
        exchange.Fault =
            broken is OperationCanceledException
                ? new Fault(
                    FaultKind.Timeout,
                    $"{provider.Id} sent nothing for {provider.Network.StreamIdleTimeoutSeconds} s (`network_config.stream_idle_timeout_in_seconds`)."
                )
                : new Fault(FaultKind.UpstreamError, $"The answer of {provider.Id} broke off.") { Cause = broken };
        if (betweenEvents is not { } whole)
        {
            // Its length is promised or its end is marked: only a broken connection tells the caller the truth.
            exchange.Http.Abort();
            return;
        }

        var pipe = exchange.Http.Response.BodyWriter;
        var to = new CountedWriter(exchange, pipe);
        if (!whole)
        {
            // Half an event is out already; the fault must not become its other half.
            to.Write("\n\n"u8);
        }

        exchange.CallerSpeaks.WriteStreamFault(exchange.Fault, to);
        await pipe.FlushAsync();
    }

    /// <summary>What is no text, or compressed, is not copied but named.</summary>
    private static ContentCopy? CopyOf(Exchange exchange, HttpResponseMessage upstream, bool events)
    {
        if (exchange.AnswerCopy is not { } copy)
        {
            return null;
        }

        var headers = upstream.Content.Headers.NonValidated;
        var type = headers.TryGetValues("Content-Type", out var types) ? types.ToString() : "";
        var isText =
            type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
        if (headers.Contains("Content-Encoding") || !isText)
        {
            copy.Write(Encoding.UTF8.GetBytes(isText ? "[compressed]" : $"[{type}]"));
            copy.Close();
            return null;
        }

        return events ? copy : null;
    }

    private static void CopyHeaders(HttpResponseMessage upstream, HttpResponse response)
    {
        foreach (var header in upstream.Headers.NonValidated)
        {
            if (!Dropped.Contains(header.Key))
            {
                response.Headers[header.Key] = header.Value.ToString();
            }
        }

        foreach (var header in upstream.Content.Headers.NonValidated)
        {
            if (!Dropped.Contains(header.Key))
            {
                response.Headers[header.Key] = header.Value.ToString();
            }
        }
    }
}
