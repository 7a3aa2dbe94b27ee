using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Metrics;

/// <summary>What tells HTTP requests apart.</summary>
internal readonly record struct HttpKey(string Path, string Method, int Status, string Own)
{
    public override int GetHashCode() => HashCode.Combine(Path, Status, Own);
}

internal sealed class HttpSeries(LabelText labels)
{
    private long _count;

    public LabelText Labels => labels;

    public long Count => Volatile.Read(ref _count);

    public Histogram Duration { get; } = new(Buckets.Latency);

    public Histogram RequestSize { get; } = new(Buckets.Size);

    public Histogram ResponseSize { get; } = new(Buckets.Size);

    public void Add(long ticks, long requestBytes, long responseBytes)
    {
        Interlocked.Increment(ref _count);
        Duration.Observe(ticks);
        RequestSize.Observe(requestBytes);
        ResponseSize.Observe(responseBytes);
    }
}

/// <summary>A provider's key, and how trying it went; <see cref="Fault"/> is null where it went well.</summary>
internal readonly record struct AttemptKey(string Provider, string Key, FaultKind? Fault);

internal sealed class CountSeries(LabelText labels)
{
    private long _count;

    public LabelText Labels => labels;

    public long Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}

internal readonly record struct ProviderKeyKey(string Provider, string Key);

/// <summary>How a provider's key did when it was last tried.</summary>
internal sealed class HealthSeries(LabelText labels)
{
    private int _failures;

    public LabelText Labels => labels;

    /// <summary>Failures in a row that count against the target.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public void Saw(bool hurt)
    {
        if (hurt)
        {
            Interlocked.Increment(ref _failures);
        }
        else if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }
}

internal sealed class HistogramSeries(LabelText labels, Buckets buckets)
{
    public LabelText Labels => labels;

    public Histogram Histogram { get; } = new(buckets);
}
