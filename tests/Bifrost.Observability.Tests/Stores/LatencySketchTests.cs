using Bifrost.Observability.Stores;
using Bifrost.Testing;
using CsCheck;

namespace Bifrost.Observability.Tests.Stores;

public sealed class LatencySketchTests
{
    /// <summary>Half of a bin of 2 %, and what floating point adds.</summary>
    private const double Error = 0.01;

    // Microseconds up to an hour, the short ones as likely as the long.
    private static readonly Gen<long> ATime = Gen.Select(Gen.Double[0, 1], x => (long)Math.Pow(3.6e9, x));

    [Fact]
    public void Percentiles_are_within_one_percent_of_the_true_ones() =>
        Gen.Select(ATime.Array[1, 300], Gen.Double[0, 1])
            .Sample(
                (times, quantile) =>
                {
                    var sorted = times.Order().ToArray();
                    var truth = sorted[Math.Max(1, (int)Math.Ceiling(quantile * sorted.Length)) - 1];

                    var told = Of(times).Quantile(quantile)!.Value;

                    Assert.InRange(told, truth * (1 - Error), truth * (1 + Error));
                },
                iter: FuzzCount.Or(5000)
            );

    [Fact]
    public void The_mean_is_within_one_percent_and_the_count_exact() =>
        ATime
            .Array[1, 300]
            .Sample(
                times =>
                {
                    var sketch = Of(times);

                    Assert.InRange(sketch.Mean!.Value, times.Average() * (1 - Error), times.Average() * (1 + Error));
                    Assert.Equal(times.Length, sketch.Count);
                },
                iter: FuzzCount.Or(2000)
            );

    [Fact]
    public void Merging_is_adding_up_bins_in_any_order_and_grouping() =>
        ATime
            .Array[0, 50]
            .Array[1, 5]
            .Sample(
                parts =>
                {
                    var whole = Of([.. parts.SelectMany(p => p)]);

                    var forward = parts.Select(Of).Aggregate(LatencySketch.Empty, Merged);
                    var backward = parts.Reverse().Select(Of).Aggregate(LatencySketch.Empty, (all, one) => Merged(one, all));

                    Assert.Equal(whole.Bins, forward.Bins);
                    Assert.Equal(whole.Bins, backward.Bins);
                },
                iter: FuzzCount.Or(1000)
            );

    [Fact]
    public void Bins_never_shrink_and_a_thousand_of_them_hold_a_day()
    {
        var before = 0;
        for (var time = 0L; time < 100_000; time++)
        {
            var bin = LatencySketch.BinOf(time);
            Assert.InRange(bin, before, int.MaxValue);
            before = bin;
        }

        Assert.InRange(LatencySketch.BinOf(24L * 3600 * 1_000_000), 1, 1300);
        Assert.True(LatencySketch.BinOf(long.MaxValue) > 0);
        Assert.Equal(0, LatencySketch.BinOf(-5));
    }

    [Fact]
    public void Of_nothing_nothing_is_known()
    {
        Assert.Equal((0L, null, null), (LatencySketch.Empty.Count, LatencySketch.Empty.Quantile(0.5), LatencySketch.Empty.Mean));
        Assert.Empty(LatencySketch.Empty.Bins);
    }

    private static LatencySketch Of(long[] times) =>
        LatencySketch.Of(times.GroupBy(LatencySketch.BinOf).ToDictionary(bin => bin.Key, bin => bin.LongCount()));

    // As every store does it.
    private static LatencySketch Merged(LatencySketch one, LatencySketch other) =>
        LatencySketch.Of(one.Bins.Concat(other.Bins).GroupBy(b => b.Bin).ToDictionary(b => b.Key, b => b.Sum(c => c.Count)));
}
