using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Bifrost.Core;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A reply in pieces, from one run or from several at once. Letting go of it, begun or not, cancels every run that has not ended.</summary>
/// <param name="exchange">The request.</param>
/// <param name="launch">What the runs were started from; let go of with them.</param>
/// <param name="started">The first piece.</param>
/// <param name="runs">At least one.</param>
/// <param name="budget">For all of it.</param>
/// <param name="cancel">When nobody wants it any more.</param>
internal sealed class ReplyDeltas(
    Exchange exchange,
    PredictionLaunch launch,
    ReplyStarted started,
    IReadOnlyList<TextRun> runs,
    TimeSpan budget,
    CancellationToken cancel
) : IAsyncEnumerable<ReplyDelta>
{
    public IAsyncEnumerator<ReplyDelta> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Owner(ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken), launch, runs);

    private async IAsyncEnumerable<ReplyDelta> ReadAsync([EnumeratorCancellation] CancellationToken stopped)
    {
        yield return started;
        using var timer = new CancellationTokenSource(budget > TimeSpan.Zero ? budget : TimeSpan.Zero, exchange.Clock);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopped, timer.Token);
        await using var deltas = (runs.Count == 1 ? runs[0].DeltasAsync(all.Token) : MergeAsync(all)).GetAsyncEnumerator(all.Token);
        while (true)
        {
            if (await NextAsync(deltas, stopped) is not { } delta)
            {
                break;
            }

            if (delta is ReplyFailed)
            {
                exchange.Usage = Sum();
                yield return delta;
                yield break;
            }

            yield return delta;
        }

        exchange.Usage = Sum();
        yield return new UsageKnown(exchange.Usage);
    }

    /// <summary>The next delta, null at the end. Time running out is a failure of the reply; the caller's leaving is none of ours to report.</summary>
    private async Task<ReplyDelta?> NextAsync(IAsyncEnumerator<ReplyDelta> deltas, CancellationToken stopped)
    {
        try
        {
            return await deltas.MoveNextAsync() ? deltas.Current : null;
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested && !exchange.CallerLeft.IsCancellationRequested)
        {
            return new ReplyFailed(
                new Fault(
                    FaultKind.Timeout,
                    $"Prediction {started.Id} was not finished within {budget.TotalSeconds:0.#} seconds; it was cancelled."
                )
            );
        }
    }

    private async IAsyncEnumerable<ReplyDelta> MergeAsync(CancellationTokenSource all)
    {
        var merged = Channel.CreateBounded<ReplyDelta>(new BoundedChannelOptions(64) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(all.Token);
        var pumping = Task.WhenAll(runs.Select(run => PumpAsync(run, merged.Writer, stop.Token)));
        _ = CompleteAsync(pumping, merged.Writer);
        try
        {
            await foreach (var delta in merged.Reader.ReadAllAsync(all.Token))
            {
                yield return delta;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(TextRun run, ChannelWriter<ReplyDelta> merged, CancellationToken stop)
    {
        await foreach (var delta in run.DeltasAsync(stop))
        {
            await merged.WriteAsync(delta, stop);
        }
    }

    private static async Task CompleteAsync(Task pumping, ChannelWriter<ReplyDelta> merged)
    {
        await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        merged.TryComplete(pumping.Exception?.InnerException ?? (pumping.IsCanceled ? new OperationCanceledException() : null));
    }

    private Usage Sum()
    {
        var sum = runs[0].Usage ?? new Usage();
        foreach (var run in runs.Skip(1))
        {
            var more = run.Usage ?? new Usage();
            sum = sum with
            {
                InputTokens = sum.InputTokens + more.InputTokens,
                OutputTokens = sum.OutputTokens + more.OutputTokens,
                ReasoningTokens = sum.ReasoningTokens + more.ReasoningTokens,
                ImageInputTokens = sum.ImageInputTokens + more.ImageInputTokens,
                ComputeSeconds = sum.ComputeSeconds + more.ComputeSeconds,
                Estimated = sum.Estimated || more.Estimated,
            };
        }

        return sum;
    }

    /// <summary>A sequence that was never asked for its first piece runs no clean-up of its own.</summary>
    private sealed class Owner(IAsyncEnumerator<ReplyDelta> inner, PredictionLaunch launch, IReadOnlyList<TextRun> runs)
        : IAsyncEnumerator<ReplyDelta>
    {
        public ReplyDelta Current => inner.Current;

        public ValueTask<bool> MoveNextAsync() => inner.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            foreach (var run in runs)
            {
                run.Dispose();
            }

            launch.Dispose();
        }
    }
}
