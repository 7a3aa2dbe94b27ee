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
        try
        {
            if (blocking && await SettleAsync(running, both.Token) is { } settled)
            {
                return settled;
            }

            var outcome = await PollAsync(running, seen, both.Token);
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

    /// <summary>After a blocking create the output comes a moment before the status and the metrics do: what is there is asked after twice,
    /// quickly. Null when there was nothing, or it may still grow.</summary>
    public static async Task<Prediction?> SettleAsync(RunningPrediction running, CancellationToken cancel)
    {
        if (!HasOutput(running.Latest))
        {
            return null;
        }

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

    private static async Task<Outcome<Prediction>> PollAsync(RunningPrediction running, Action<Prediction>? seen, CancellationToken cancel)
    {
        using var poller = new PredictionPoller(running);
        while (true)
        {
            if ((await poller.NextAsync(cancel)).Failed(out var fault, out var now))
            {
                return fault;
            }

            seen?.Invoke(now);
            if (now.IsTerminal)
            {
                return now;
            }
        }
    }

    private static bool HasOutput(Prediction prediction) =>
        prediction.Output is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
}
