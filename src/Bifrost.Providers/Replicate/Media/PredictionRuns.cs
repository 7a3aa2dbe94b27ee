using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Starts runs and waits for them to succeed.</summary>
/// <param name="launch">What is started.</param>
/// <param name="budget">How long one run may take, from now.</param>
/// <param name="webhook">Where completion is reported, or null.</param>
/// <param name="sized">The caller set a size, which may be what runs out of memory.</param>
internal sealed class PredictionRuns(PredictionLaunch launch, TimeSpan budget, Uri? webhook, bool sized = false)
{
    private const int Retries = 3;
    private static readonly TimeSpan LongestRetryWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = launch.Client.Runtime.Clock;
    private readonly long _started = launch.Client.Runtime.Clock.GetTimestamp();
    private readonly Lock _gate = new();
    private int _accepted;
    private int _ended;
    private double _seconds;
    private double _longest;

    /// <summary>All runs in parallel, their ends in order. When one fails the others are cancelled, and the first failure is the answer.</summary>
    public async Task<Outcome<IReadOnlyList<Prediction>>> AllAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var runs = new List<Task<Outcome<Prediction>>>(launch.Starts.Count);
        for (var i = 0; i < launch.Starts.Count; i++)
        {
            runs.Add(OneAsync(i, stop.Token));
        }

        var waiting = new List<Task<Outcome<Prediction>>>(runs);
        while (waiting.Count > 0)
        {
            var over = await Task.WhenAny(waiting);
            waiting.Remove(over);
            Fault? failure = null;
            if (over.IsCanceled || (await over).Failed(out failure, out _))
            {
                await stop.CancelAsync();
                await ((Task)Task.WhenAll(runs)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancel.ThrowIfCancellationRequested();
                return AfterAcceptance(failure!);
            }
        }

        var done = new Prediction[runs.Count];
        for (var i = 0; i < done.Length; i++)
        {
            done[i] = (await runs[i]).Value!;
        }

        return done;
    }

    /// <summary>One run to its good end, or why there is none.</summary>
    public async Task<Outcome<Prediction>> OneAsync(int index, CancellationToken cancel)
    {
        if ((await StartAsync(index, cancel)).Failed(out var fault, out var running))
        {
            return fault;
        }

        using (running)
        {
            return await EndAsync(running, blocking: true, cancel);
        }
    }

    /// <summary>What is running to its good end, or why there is none.</summary>
    public async Task<Outcome<Prediction>> EndAsync(RunningPrediction running, bool blocking, CancellationToken cancel)
    {
        if ((await PredictionWait.UntilDoneAsync(running, blocking, Left, cancel)).Failed(out var fault, out var done))
        {
            return fault;
        }

        Count(done);
        // The whole output of a blocking create may be there before the word that it is.
        var failure = done.IsTerminal ? ReplicateFaults.OfPrediction(done, sized: sized, pastDeadline: Left <= TimeSpan.Zero) : null;
        return failure is null ? done : failure.Fault;
    }

    /// <summary>Starts one run. Of several, one that is turned away for the moment is tried again by itself: giving all up would waste what
    /// the others have begun.</summary>
    public async Task<Outcome<RunningPrediction>> StartAsync(int index, CancellationToken cancel, bool blocking = true)
    {
        for (var retry = 0; ; retry++)
        {
            var options = new CreateOptions
            {
                Wait = blocking ? Shorter(Left, TimeSpan.FromSeconds(60)) : null,
                CancelAfter = Left,
                Webhook = webhook,
            };
            var outcome = await launch.StartAsync(index, options, cancel);
            if (!outcome.Failed(out var fault, out _))
            {
                Interlocked.Increment(ref _accepted);
                return outcome;
            }

            var wait = fault.RetryAfter ?? launch.Client.Runtime.Pace.Scaled(RetryWait * (1 << retry));
            if (launch.Starts.Count == 1 || retry == Retries || !fault.Rule.MayRetry || wait > Shorter(Left, LongestRetryWait))
            {
                return fault;
            }

            await Task.Delay(wait, _clock, cancel);
        }
    }

    /// <summary>Hardware seconds of all runs that were accepted, for a request that failed; null when none was. Runs that were cancelled before they
    /// told are taken to have run as long as the longest that did, or until now.</summary>
    public Usage? Spent
    {
        get
        {
            lock (_gate)
            {
                var untold = Volatile.Read(ref _accepted) - _ended;
                var each = _ended > 0 ? _longest : _clock.GetElapsedTime(_started).TotalSeconds;
                return _accepted == 0 ? null : new Usage { ComputeSeconds = _seconds + (untold * each), Estimated = untold > 0 };
            }
        }
    }

    private void Count(Prediction done)
    {
        if (!done.IsTerminal)
        {
            return;
        }

        var seconds = PredictionUsage.Metered(done).ComputeSeconds;
        lock (_gate)
        {
            _ended++;
            _seconds += seconds;
            _longest = Math.Max(_longest, seconds);
        }
    }

    /// <summary>When the budget is used up.</summary>
    public DateTimeOffset Deadline => _clock.GetUtcNow() + Left;

    private TimeSpan Left => budget - _clock.GetElapsedTime(_started);

    /// <summary>A fault that allows a retry promises that nothing was accepted, which is untrue once a sibling was.</summary>
    private Fault AfterAcceptance(Fault fault) =>
        fault.Rule.MayRetry && Volatile.Read(ref _accepted) > 0
            ? fault with
            {
                Kind = FaultKind.UpstreamError,
                Code = fault.Code ?? fault.Rule.Code,
            }
            : fault;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
