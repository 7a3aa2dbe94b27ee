using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;

namespace Bifrost.Core.Deliver;

/// <summary>Writes an answer that arrives in pieces as server-sent events, and shows signs of life while nothing comes.</summary>
internal static class EventStream
{
    /// <summary>Comments keep proxies and clients from giving up on a cold model.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public static async ValueTask SendAsync(Exchange exchange, StreamedAnswer answer)
    {
        var response = exchange.Http.Response;
        response.StatusCode = 200;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["x-accel-buffering"] = "no";
        Deliver.WriteCommonHeaders(exchange);

        var to = new CountedWriter(exchange, response.BodyWriter);
        var counts = !ReferenceEquals(exchange.Reservation, Reservation.None);
        answer.WriteHeld(to);
        exchange.FirstByte = exchange.Elapsed;
        try
        {
            while (await NextAsync(exchange, answer, to))
            {
                // Everything that is here already goes out in one flush.
                do
                {
                    exchange.Usage = answer.Usage ?? exchange.Usage;
                    exchange.Fault = answer.Failure;
                    exchange.OutputBytes += counts ? answer.TextBytes : 0;
                    exchange.Chunks++;
                    if (exchange.AnswerCopy is { } copy)
                    {
                        answer.CopyText(copy);
                    }

                    answer.Write(to);
                } while (exchange.Fault is null && answer.Ready);

                if (exchange.Fault is null && !exchange.Reservation.Covers(exchange.OutputBytes))
                {
                    // The answer is disposed of next, which stops the work upstream.
                    exchange.Fault = exchange.Reservation.ExhaustedFault;
                    exchange.CallerSpeaks.WriteStreamFault(exchange.Fault, to);
                }

                await response.BodyWriter.FlushAsync(exchange.CallerLeft);
                if (exchange.Fault is not null)
                {
                    return;
                }
            }

            answer.Finish(to);
            if (CostHeaders.AreWanted(exchange))
            {
                CostHeaders.WriteComment(exchange, to);
            }

            if (TimingHeaders.AreWanted(exchange))
            {
                TimingHeaders.WriteComment(exchange, to);
            }

            await response.BodyWriter.FlushAsync(exchange.CallerLeft);
        }
        catch (OperationCanceledException) when (exchange.CallerLeft.IsCancellationRequested)
        {
            exchange.Fault = new Fault(FaultKind.CallerLeft, "The caller closed the connection before the answer was complete.");
        }
        catch (OperationCanceledException)
        {
            var provider = exchange.Target!.Provider;
            exchange.Fault = new Fault(
                FaultKind.Timeout,
                $"{provider.Id} did not finish within {provider.Patience.TotalSeconds:0} s (`network_config.default_request_timeout_in_seconds`)."
            );
            exchange.CallerSpeaks.WriteStreamFault(exchange.Fault, to);
            await response.BodyWriter.FlushAsync();
        }
    }

    private static async ValueTask<bool> NextAsync(Exchange exchange, StreamedAnswer answer, CountedWriter to)
    {
        if (answer.Ready)
        {
            return true;
        }

        // What was written so far must not wait for the next piece.
        await exchange.Http.Response.BodyWriter.FlushAsync(exchange.CallerLeft);
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(exchange.CallerLeft);
            patience.CancelAfter(SignOfLife);
            try
            {
                return await answer.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
                when (patience.IsCancellationRequested && !exchange.CallerLeft.IsCancellationRequested && !answer.IsOver)
            {
                SseWriter.KeepAlive(to);
                await exchange.Http.Response.BodyWriter.FlushAsync(exchange.CallerLeft);
            }
        }
    }
}
