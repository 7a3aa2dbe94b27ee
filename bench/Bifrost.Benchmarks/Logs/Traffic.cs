using System.Diagnostics;
using Bifrost.Observability.Stores;

namespace Bifrost.Benchmarks.Logs;

/// <summary>Rows: many for the past, as fast as the store takes them, or so many each second for now, as the gateway's queue brings them.</summary>
internal static class Traffic
{
    private const int AtOnce = 10_000;

    // As the queue's usual delay.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>Spreads rows over the time before <paramref name="to"/>, and says how far it is.</summary>
    public static async Task FillAsync(ILogStore store, SyntheticRows rows, long count, long from, long to, Action<long> told)
    {
        // The next rows are made while the store takes these.
        var next = Task.Run(() => rows.Make((int)Math.Min(AtOnce, count), from, Moment(Math.Min(AtOnce, count))));
        for (long done = 0; done < count; )
        {
            var (some, payloads) = await next;
            var begun = done + some.Count;
            var size = (int)Math.Min(AtOnce, count - begun);
            if (size > 0)
            {
                next = Task.Run(() => rows.Make(size, Moment(begun), Moment(begun + size)));
            }

            await store.AppendAsync(some, payloads, CancellationToken.None);
            done = begun;
            told(done);
        }

        long Moment(long at) => from + (long)((double)(to - from) / count * at);
    }

    /// <summary>Until it is stopped. Each beat is due at its time, however long the one before took; what is late is made up for.</summary>
    /// <returns>Rows written, and how long each batch took, milliseconds.</returns>
    public static async Task<(long Rows, List<double> Took)> FlowAsync(
        ILogStore store,
        SyntheticRows rows,
        int perSecond,
        CancellationToken stop
    )
    {
        var took = new List<double>();
        var clock = Stopwatch.StartNew();
        long written = 0;
        while (!stop.IsCancellationRequested)
        {
            var due = (long)(clock.Elapsed.TotalSeconds * perSecond);
            if (due > written)
            {
                var now = Now();
                var (some, payloads) = rows.Make((int)Math.Min(1000, due - written), now - 250_000, now);
                var began = Stopwatch.GetTimestamp();
                await store.AppendAsync(some, payloads, CancellationToken.None);
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                written += some.Count;
            }

            if (clock.Elapsed.TotalSeconds * perSecond - written < Beat.TotalSeconds * perSecond)
            {
                await Task.Delay(Beat, CancellationToken.None);
            }
        }

        return (written, took);
    }

    /// <summary>Unix microseconds.</summary>
    public static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
