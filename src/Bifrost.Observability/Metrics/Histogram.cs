namespace Bifrost.Observability.Metrics;

/// <summary>Counts by size, and the exact sum. Any thread, no lock.</summary>
internal sealed class Histogram(Buckets buckets)
{
    private readonly long[] _counts = new long[buckets.Units.Length + 1];
    private long _sum;

    public Buckets Buckets => buckets;

    /// <summary>In units of the buckets.</summary>
    public long Sum => Volatile.Read(ref _sum);

    public void Observe(long units)
    {
        var ends = buckets.Units;
        var at = 0;
        while (at < ends.Length && units > ends[at])
        {
            at++;
        }

        Interlocked.Increment(ref _counts[at]);
        Interlocked.Add(ref _sum, units);
    }

    /// <summary>Counts at or below each end, and last all of them.</summary>
    public long[] Cumulative()
    {
        var all = new long[_counts.Length];
        var sum = 0L;
        for (var i = 0; i < all.Length; i++)
        {
            sum += Volatile.Read(ref _counts[i]);
            all[i] = sum;
        }

        return all;
    }
}
