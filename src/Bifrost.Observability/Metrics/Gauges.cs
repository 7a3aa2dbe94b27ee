namespace Bifrost.Observability.Metrics;

/// <summary>One value of a metric with labels.</summary>
public readonly record struct GaugeSample(LabelText Labels, double Value);

/// <summary>Metrics that other parts of the gateway know: each is asked when the page is asked for. The functions must be quick, touch memory only, and
/// may be called from any thread.</summary>
public sealed class Gauges
{
    private readonly Lock _gate = new();
    private Source[] _all = [];

    internal IReadOnlyList<Source> All => Volatile.Read(ref _all);

    /// <summary>A value that goes up and down.</summary>
    public void Add(string name, string help, Func<double> value) =>
        Add(new Source(name, MetricType.Gauge, help, () => [new GaugeSample(default, value())]));

    /// <summary>A value that only grows; its name ends in <c>_total</c>.</summary>
    public void AddCounter(string name, string help, Func<double> value) =>
        Add(new Source(name, MetricType.Counter, help, () => [new GaugeSample(default, value())]));

    /// <summary>Values that are told apart by labels, each combination once. No more are shown than a metric may have series.</summary>
    public void AddMany(string name, string help, Func<IEnumerable<GaugeSample>> values) =>
        Add(new Source(name, MetricType.Gauge, help, values));

    /// <summary>As <see cref="AddMany"/>, for values that only grow.</summary>
    public void AddManyCounters(string name, string help, Func<IEnumerable<GaugeSample>> values) =>
        Add(new Source(name, MetricType.Counter, help, values));

    private void Add(Source source)
    {
        if (source.Name.EndsWith("_total", StringComparison.Ordinal) != (source.Type == MetricType.Counter))
        {
            throw new ArgumentException($"{source.Name}: counters end in _total, and nothing else does.", nameof(source));
        }

        lock (_gate)
        {
            if (_all.Any(s => s.Name == source.Name))
            {
                throw new ArgumentException($"{source.Name} is there already.", nameof(source));
            }

            Volatile.Write(ref _all, [.. _all, source]);
        }
    }

    internal sealed record Source(string Name, MetricType Type, string Help, Func<IEnumerable<GaugeSample>> Values);
}
