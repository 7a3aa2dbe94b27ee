using System.Text.Json;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Waits for a prediction's end.</summary>
internal static class PredictionWait
{
    private static readonly TimeSpan[] Settling = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250)];

    /// <summary>Returns the terminal prediction, whatever its status. Past <paramref name="budget"/>, or when polling fails for good, it is
    /// cancelled upstream and the answer is a fault. Throws only when <paramref name="cancel"/> is cancelled; it is cancelled upstream then.</summary>
    /// <param name="running">As created.</param>
    /// <param name="blocking">Creation waited for the result (<c>Prefer: wait</c>): a result that is there is probably complete.</param>
    /// <param name="budget">How long to wait from now.</param>
    /// <param name="cancel">When the caller leaves.</param>
    /// <param name="seen">Told of every state on the way, or null.</param>
    public static async Task<Outcome<Prediction>> UntilDoneAsync(
        RunningPrediction running,
        bool blocking,
        TimeSpan budget,
        CancellationToken cancel,
        Action<Prediction>? seen = null
    )
    {
        if (running.Latest.IsTerminal)
        {
            return running.Latest;
        }

        var runtime = running.Client.Runtime;
        using var timer = new CancellationTokenSource(budget > TimeSpan.Zero ? budget : TimeSpan.Zero, runtime.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        using var waiter = runtime.Waiters.Add(running.Id);
        try
        {
            if (blocking && HasOutput(running.Latest) && await SettleAsync(running, both.Token) is { } settled)
            {
                return settled;
            }

            var outcome = await PollAsync(running, waiter.Completion.Task, seen, both.Token);
            if (outcome.Fault is not null)
            {
                running.Cancel();
            }

            return outcome;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            running.Cancel();
            return new Fault(
                FaultKind.Timeout,
                $"Prediction {running.Id} was not finished within {budget.TotalSeconds:0.#} seconds; it was cancelled."
            );
        }
        catch (OperationCanceledException)
        {
            running.Cancel();
            throw;
        }
    }

    /// <summary>After a blocking create the output comes a moment before the status and the metrics do.</summary>
    private static async Task<Prediction?> SettleAsync(RunningPrediction running, CancellationToken cancel)
    {
        var runtime = running.Client.Runtime;
        foreach (var pause in Settling)
        {
            await Task.Delay(runtime.Pace.Scaled(pause), runtime.Clock, cancel);
            if (!(await running.Client.GetAsync(running.Id, cancel)).Failed(out _, out var now))
            {
                running.See(now);
                if (now.IsTerminal)
                {
                    return now;
                }
            }
        }

        // One address is the whole of it; a list or a text may still grow.
        if (running.Latest.Output is { ValueKind: JsonValueKind.String } output && PredictionFiles.Of(output).Count == 1)
        {
            running.Release();
            return running.Latest;
        }

        return null;
    }

    private static async Task<Outcome<Prediction>> PollAsync(
        RunningPrediction running,
        Task<Prediction> webhook,
        Action<Prediction>? seen,
        CancellationToken cancel
    )
    {
        var runtime = running.Client.Runtime;
        var gate = runtime.GateOf(running.Client.Key);
        var failed = 0;
        for (var number = 0; ; number++)
        {
            var pause = Task.Delay(runtime.Pace.Before(number), runtime.Clock, cancel);
            if (await Task.WhenAny(pause, webhook) == webhook)
            {
                running.See(await webhook);
                return running.Latest;
            }

            await pause;
            await gate.PassAsync(runtime.Pace.Scaled(runtime.Pace.Spacing), cancel);
            if ((await running.Client.GetAsync(running.Id, cancel)).Failed(out var fault, out var now))
            {
                if (!Passes(fault) || ++failed > runtime.Pace.FailedPolls)
                {
                    return fault;
                }

                if (fault is { Kind: FaultKind.UpstreamRateLimited, RetryAfter: { } wait })
                {
                    gate.Close(wait);
                }

                continue;
            }

            failed = 0;
            running.See(now);
            seen?.Invoke(now);
            if (now.IsTerminal)
            {
                return now;
            }
        }
    }

    /// <summary>Trouble of the moment. The job goes on whether or not we can see it.</summary>
    private static bool Passes(Fault fault) =>
        fault.Kind
            is FaultKind.UpstreamError
                or FaultKind.UpstreamInvalid
                or FaultKind.UpstreamUnavailable
                or FaultKind.UpstreamOverloaded
                or FaultKind.UpstreamRateLimited
                or FaultKind.Unreachable
                or FaultKind.Timeout;

    private static bool HasOutput(Prediction prediction) =>
        prediction.Output is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
}
