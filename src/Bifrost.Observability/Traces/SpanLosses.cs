namespace Bifrost.Observability.Traces;

/// <summary>Counts spans on their way, and what the collector did not get. Any thread.</summary>
public sealed class SpanLosses
{
    private long _waiting;
    private long _exported;
    private long _full;
    private long _failed;
    private long _contents;

    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Spans that the collector took.</summary>
    public long Exported => Interlocked.Read(ref _exported);

    /// <summary>Spans that ended while too many waited.</summary>
    public long QueueFull => Interlocked.Read(ref _full);

    /// <summary>Spans that were sent and not taken.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Contents that were left out for want of room; their spans are there.</summary>
    public long Contents => Interlocked.Read(ref _contents);

    /// <summary>Spans that are lost.</summary>
    public long Spans => QueueFull + Failed;

    /// <summary>False: too many wait; the span is lost.</summary>
    internal bool TryWait(int most)
    {
        if (Interlocked.Increment(ref _waiting) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _full);
        return false;
    }

    internal void Sent(int spans, bool taken)
    {
        Interlocked.Add(ref taken ? ref _exported : ref _failed, spans);
        Interlocked.Add(ref _waiting, -spans);
    }

    internal void LostContent() => Interlocked.Increment(ref _contents);
}
