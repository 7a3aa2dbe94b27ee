namespace Bifrost.Observability.Metrics;

/// <summary>All that is counted of exchanges with the same labels.</summary>
internal sealed class ExchangeSeries(LabelText labels, LatencySeries latencies)
{
    private readonly Lock _gate = new();
    private ErrorCount[] _errors = [];
    private long _requests;
    private long _successes;
    private long _inputTokens;
    private long _outputTokens;
    private long _nanodollars;
    private long _unpriced;

    public LabelText Labels => labels;

    /// <summary>Shared by many once there are as many histograms as allowed.</summary>
    public LatencySeries Latencies => latencies;

    public long Requests => Volatile.Read(ref _requests);

    public long Successes => Volatile.Read(ref _successes);

    public long InputTokens => Volatile.Read(ref _inputTokens);

    public long OutputTokens => Volatile.Read(ref _outputTokens);

    public long Nanodollars => Volatile.Read(ref _nanodollars);

    public long Unpriced => Volatile.Read(ref _unpriced);

    public IReadOnlyList<ErrorCount> Errors => Volatile.Read(ref _errors);

    public void Succeeded()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _successes);
    }

    public void Failed(int status)
    {
        Interlocked.Increment(ref _requests);
        foreach (var known in Volatile.Read(ref _errors))
        {
            if (known.Status == status)
            {
                known.Add();
                return;
            }
        }

        AddStatus(status);
    }

    public void Consumed(long input, long output, long nanodollars, bool unpriced)
    {
        Add(ref _inputTokens, input);
        Add(ref _outputTokens, output);
        Add(ref _nanodollars, nanodollars);
        Add(ref _unpriced, unpriced ? 1 : 0);
    }

    private static void Add(ref long counter, long amount)
    {
        if (amount > 0)
        {
            Interlocked.Add(ref counter, amount);
        }
    }

    private void AddStatus(int status)
    {
        lock (_gate)
        {
            var known = Array.Find(_errors, e => e.Status == status);
            if (known is null)
            {
                known = new ErrorCount(status);
                Volatile.Write(ref _errors, [.. _errors, known]);
            }

            known.Add();
        }
    }
}

/// <summary>Failures with one HTTP status.</summary>
internal sealed class ErrorCount(int status)
{
    private long _count;

    public int Status => status;

    public long Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}

/// <summary>How long exchanges with the same labels took. Histograms come when there is something to put in.</summary>
internal sealed class LatencySeries(LabelText labels)
{
    private readonly Histogram?[] _all = new Histogram?[4];

    public LabelText Labels => labels;

    public Histogram? Success => Volatile.Read(ref _all[0]);

    public Histogram? Failure => Volatile.Read(ref _all[1]);

    public Histogram? FirstToken => Volatile.Read(ref _all[2]);

    public Histogram? Gap => Volatile.Read(ref _all[3]);

    public void Took(bool success, long ticks) => In(success ? 0 : 1, Buckets.Latency).Observe(ticks);

    public void Streamed(long firstToken) => In(2, Buckets.Latency).Observe(firstToken);

    public void Spaced(long gap) => In(3, Buckets.Gaps).Observe(gap);

    private Histogram In(int at, Buckets buckets)
    {
        if (Volatile.Read(ref _all[at]) is { } made)
        {
            return made;
        }

        var fresh = new Histogram(buckets);
        return Interlocked.CompareExchange(ref _all[at], fresh, null) ?? fresh;
    }
}
