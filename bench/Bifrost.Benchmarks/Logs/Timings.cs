namespace Bifrost.Benchmarks.Logs;

/// <summary>How long the answers to one question took, milliseconds.</summary>
internal sealed class Timings
{
    private readonly List<double> _all = [];

    public int Count => _all.Count;

    public void Add(double milliseconds) => _all.Add(milliseconds);

    /// <summary>The time that a share of the answers stayed within.</summary>
    public double Quantile(double share)
    {
        var sorted = _all.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    public double Most => _all.Count == 0 ? 0 : _all.Max();
}
