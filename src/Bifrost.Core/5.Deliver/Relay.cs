using System.Buffers;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Deliver;

/// <summary>Copies the provider's bytes to the caller as they come, straight into the connection's own buffers, with a tap that watches.</summary>
internal static class Relay
{
    private const int BlockBytes = 4096;

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
        using var tap = UsageTap.For(exchange.CallerSpeaks, events);
        try
        {
            await using var from = answer.OpenBody();
            await CopyAsync(exchange, answer, from, tap, events);
            tap.End();
            exchange.Usage = tap.Usage;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            exchange.Usage = tap.Usage;
            await BreakOffAsync(exchange, broken, events ? tap : null);
        }
    }

    private static async ValueTask CopyAsync(Exchange exchange, RelayedAnswer answer, Stream from, UsageTap tap, bool events)
    {
        var to = exchange.Http.Response.BodyWriter;
        var idle = TimeSpan.FromSeconds(exchange.Target!.Provider.Network.StreamIdleTimeoutSeconds);
        var deadline = exchange.Deadline!;
        exchange.FirstByte = exchange.Elapsed;
        if (!answer.Peeked.IsEmpty)
        {
            tap.See(answer.Peeked.Span);
            await to.WriteAsync(answer.Peeked, exchange.CallerLeft);
            answer.ForgetPeeked();
        }

        while (true)
        {
            // An answer may go on for as long as it keeps coming.
            deadline.CancelAfter(idle);
            if (events)
            {
                // Wait with empty hands, so that thousands of silent streams hold no buffers.
                _ = await from.ReadAsync(Memory<byte>.Empty, deadline.Token);
            }

            var block = to.GetMemory(BlockBytes);
            var read = await from.ReadAsync(block, deadline.Token);
            if (read == 0)
            {
                return;
            }

            tap.See(block.Span[..read]);
            to.Advance(read);
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
        }
    }

    /// <param name="exchange">Whose answer broke.</param>
    /// <param name="broken">How.</param>
    /// <param name="events">What has seen the events so far; null when the answer is no event stream.</param>
    private static async Task BreakOffAsync(Exchange exchange, Exception broken, UsageTap? events)
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
        if (events is null)
        {
            // Its length is promised or its end is marked: only a broken connection tells the caller the truth.
            exchange.Http.Abort();
            return;
        }

        var to = exchange.Http.Response.BodyWriter;
        if (!events.BetweenEvents)
        {
            // Half an event is out already; the fault must not become its other half.
            to.Write("\n\n"u8);
        }

        exchange.CallerSpeaks.WriteStreamFault(exchange.Fault, to);
        await to.FlushAsync();
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
