namespace Bifrost.Observability.Metrics;

/// <summary>Where a histogram's buckets end, in whole units of what is counted, and how these are shown.</summary>
internal sealed class Buckets
{
    /// <summary>Whole units are 100 ns, shown in seconds: latencies of providers, as published.</summary>
    public static readonly Buckets Latency = new(
        TimeSpan.TicksPerSecond,
        [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30, 45, 60, 90]
    );

    /// <summary>As <see cref="Latency"/>, for what the gateway does itself.</summary>
    public static readonly Buckets Overhead = new(
        TimeSpan.TicksPerSecond,
        [.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10]
    );

    /// <summary>As <see cref="Latency"/>, for the time between two pieces of a stream.</summary>
    public static readonly Buckets Gaps = new(TimeSpan.TicksPerSecond, [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10]);

    /// <summary>Bytes, as published: a hundred and seven times the tenfold.</summary>
    public static readonly Buckets Size = new(1, [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]);

    private Buckets(long unitsPerOne, double[] ends)
    {
        UnitsPerOne = unitsPerOne;
        Ends = ends;
        Units = [.. ends.Select(e => (long)Math.Round(e * unitsPerOne))];
    }

    /// <summary>Units that make one of what is shown.</summary>
    public long UnitsPerOne { get; }

    /// <summary>As shown.</summary>
    public IReadOnlyList<double> Ends { get; }

    /// <summary>In units.</summary>
    public long[] Units { get; }
}
