using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Simulator;

/// <summary>Serves <c>urls.stream</c>: the prediction's events as they happen, or exactly what a script says.</summary>
internal sealed class StreamEndpoint(Pace pace, SimulatorOptions options, PredictionStore store)
{
    private int open;

    public int Open => Volatile.Read(ref open);

    public Reply Get(Call call, string key)
    {
        if (store.FindStream(key) is not { } prediction)
        {
            return Problem.NotFound().ToReply();
        }

        var script = prediction.Plan.StreamFor(prediction, prediction.NextConnection());
        if (script?.HttpStatus is { } refused)
        {
            return Problem.Of(refused, null, "The stream is not available.").ToReply();
        }

        return new Reply
        {
            Status = 200,
            ContentType = script?.ContentTypeOverride ?? "text/event-stream",
            Writes = http => ServeAsync(call with { Http = http }, prediction, script),
        }.With("Cache-Control", "no-store");
    }

    private async Task ServeAsync(Call call, SimulatedPrediction prediction, StreamScript? script)
    {
        _ = Interlocked.Increment(ref open);
        try
        {
            await call.Http.Response.Body.FlushAsync(call.Gone);
            await (script is null ? FollowAsync(call, prediction) : PlayAsync(call, prediction, script));
        }
        catch (OperationCanceledException) when (call.Gone.IsCancellationRequested)
        {
            // The caller left, or the simulator stops: an orderly end would read as a whole stream.
            call.Http.Abort();
        }
        catch (IOException)
        {
            // The connection broke under the write; the same as leaving.
        }
        finally
        {
            _ = Interlocked.Decrement(ref open);
        }
    }

    /// <summary>Sends every event of the prediction's life, resumed behind <c>Last-Event-ID</c> when it is known.</summary>
    private async Task FollowAsync(Call call, SimulatedPrediction prediction)
    {
        var writer = new SplittingWriter(call.Http.Response, StreamScript.Empty, call.Gone);
        var known = ResumeAt(prediction, call.Request.Header("Last-Event-ID"));
        while (true)
        {
            var (fresh, ended, more) = prediction.EventsFrom(known);
            foreach (var item in fresh)
            {
                await writer.WriteAsync(SseText.Event(item.Id, item.Name, item.Data, "\n"));
            }

            known += fresh.Length;
            if (ended)
            {
                return;
            }

            if (fresh.Length == 0 && !await ChangedAsync(more, call.Gone))
            {
                await writer.WriteAsync(":408: 408 Request Timeout\n\n"u8.ToArray());
                return;
            }
        }
    }

    private async Task<bool> ChangedAsync(Task more, CancellationToken gone)
    {
        try
        {
            await more.WaitAsync(pace.Limit(options.StreamIdleLimit), pace.Clock, gone);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static int ResumeAt(SimulatedPrediction prediction, string? lastId)
    {
        if (lastId is null)
        {
            return 0;
        }

        var (events, _, _) = prediction.EventsFrom(0);
        return Array.FindIndex(events, item => item.Id == lastId) + 1;
    }

    private async Task PlayAsync(Call call, SimulatedPrediction prediction, StreamScript script)
    {
        var writer = new SplittingWriter(call.Http.Response, script, call.Gone);
        var skipUntil = script.HonoursLastEventId ? call.Request.Header("Last-Event-ID") : null;
        var number = 0;
        foreach (var act in script.Acts)
        {
            switch (act)
            {
                case StreamAct.Event item:
                    var id = item.Numbered
                        ? string.Create(CultureInfo.InvariantCulture, $"{prediction.CreatedAt.ToUnixTimeSeconds()}:{number++}")
                        : item.Id;
                    if (skipUntil is null)
                    {
                        await writer.WriteAsync(SseText.Event(id, item.Name, item.Data, item.Newline));
                    }

                    skipUntil = id is not null && id == skipUntil ? null : skipUntil;
                    break;
                case StreamAct.Failure failure:
                    var detail = new JsonObject { ["detail"] = failure.Detail }.ToJsonString(Protocol.Json);
                    await writer.WriteAsync(SseText.Event(null, "error", detail, failure.Newline));
                    break;
                case StreamAct.Finish finish:
                    var data = finish.Reason is null ? "{}" : $"{{\"reason\": \"{finish.Reason}\"}}";
                    await writer.WriteAsync(SseText.Event(null, "done", data, finish.Newline));
                    break;
                case StreamAct.Raw raw:
                    await writer.WriteAsync(raw.Bytes);
                    break;
                case StreamAct.Pause pause:
                    await pace.ExactlyAsync(pause.Time, call.Gone);
                    break;
                case StreamAct.Break broken:
                    await Connections.EndAsync(call.Http, broken.Ending, call.Gone);
                    return;
            }
        }
    }
}
