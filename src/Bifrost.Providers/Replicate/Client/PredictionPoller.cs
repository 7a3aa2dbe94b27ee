using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Asks after one prediction again and again, ever less often, through the gate it shares with all others of its key. A webhook ends
/// a pause early. Trouble of the moment is passed over: the job goes on whether or not we can see it. One prediction, one poller.</summary>
internal sealed class PredictionPoller(RunningPrediction running) : IDisposable
{
    private readonly ReplicateRuntime _runtime = running.Client.Runtime;
    private readonly PredictionWaiters.Waiter _waiter = running.Client.Runtime.Waiters.Add(running.Id);
    private int _number;
    private int _failed;

    /// <summary>The next state that can be had, or a fault that no waiting mends. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    /// <param name="cancel">When the waiting is over.</param>
    /// <param name="atOnce">Without a pause before the first try.</param>
    public async Task<Outcome<Prediction>> NextAsync(CancellationToken cancel, bool atOnce = false)
    {
        var gate = _runtime.GateOf(running.Client.Key);
        while (true)
        {
            if (!atOnce && await PauseAsync(cancel) is { } told)
            {
                running.See(told);
                return told;
            }

            atOnce = false;
            await gate.PassAsync(_runtime.Pace.Scaled(_runtime.Pace.Spacing), cancel);
            if (!(await running.Client.GetAsync(running.Id, cancel)).Failed(out var fault, out var now))
            {
                _failed = 0;
                running.See(now);
                return now;
            }

            if (!Passes(fault) || ++_failed > _runtime.Pace.FailedPolls)
            {
                return fault;
            }

            if (fault is { Kind: FaultKind.UpstreamRateLimited, RetryAfter: { } wait })
            {
                gate.Close(wait);
            }
        }
    }

    public void Dispose() => _waiter.Dispose();

    private async Task<Prediction?> PauseAsync(CancellationToken cancel)
    {
        var webhook = _waiter.Completion.Task;
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pause = Task.Delay(_runtime.Pace.Before(_number++), _runtime.Clock, rest.Token);
        if (await Task.WhenAny(pause, webhook) == webhook)
        {
            await rest.CancelAsync();
            return await webhook;
        }

        await pause;
        return null;
    }

    private static bool Passes(Fault fault) =>
        fault.Kind
            is FaultKind.UpstreamError
                or FaultKind.UpstreamInvalid
                or FaultKind.UpstreamUnavailable
                or FaultKind.UpstreamDown
                or FaultKind.UpstreamOverloaded
                or FaultKind.UpstreamRateLimited
                or FaultKind.Unreachable
                or FaultKind.Timeout;
}
