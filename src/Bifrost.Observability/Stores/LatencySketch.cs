namespace Bifrost.Observability.Stores;

/// <summary>How often which duration came, in logarithmic bins of 2 % width: mergeable, exact in counts, percentiles within 1 %. Immutable.</summary>
public sealed class LatencySketch
{
    private static readonly double LogBase = Math.Log(1.02);

    // Sorted by bin.
    private readonly (int Bin, long Count)[] _bins;

    private LatencySketch((int, long)[] bins) => _bins = bins;

    public static LatencySketch Empty { get; } = new([]);

    /// <summary>How many durations.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var (_, n) in _bins)
            {
                count += n;
            }

            return count;
        }
    }

    public static int BinOf(long microseconds) => microseconds <= 1 ? 0 : (int)Math.Ceiling(Math.Log(microseconds) / LogBase);

    public static LatencySketch Of(IReadOnlyDictionary<int, long> counts)
    {
        var bins = new (int Bin, long Count)[counts.Count];
        var i = 0;
        foreach (var (bin, count) in counts)
        {
            bins[i++] = (bin, count);
        }

        Array.Sort(bins, static (a, b) => a.Bin.CompareTo(b.Bin));
        return new LatencySketch(bins);
    }

    /// <param name="bins">Rising, none twice. Not copied.</param>
    public static LatencySketch OfSorted((int Bin, long Count)[] bins) => bins.Length == 0 ? Empty : new LatencySketch(bins);

    /// <summary>The duration (microseconds) that the share <paramref name="quantile"/> (0 to 1) stayed below; null when empty.</summary>
    public double? Quantile(double quantile)
    {
        var rank = (long)Math.Ceiling(quantile * Count);
        long seen = 0;
        foreach (var (bin, count) in _bins)
        {
            seen += count;
            if (seen >= Math.Max(1, rank))
            {
                return Middle(bin);
            }
        }

        return null;
    }

    /// <summary>The mean duration (microseconds), within 1 %; null when empty.</summary>
    public double? Mean
    {
        get
        {
            var (sum, count) = (0.0, 0L);
            foreach (var (bin, times) in _bins)
            {
                sum += times * Middle(bin);
                count += times;
            }

            return count == 0 ? null : sum / count;
        }
    }

    public IReadOnlyList<(int Bin, long Count)> Bins => _bins;

    private static double Middle(int bin) => bin == 0 ? 1 : Math.Exp((bin - 0.5) * LogBase);
}
