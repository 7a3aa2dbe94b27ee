using System.Collections.Concurrent;

namespace Bifrost.Observability.RequestLog;

/// <summary>What waits for the store, within bounds. Any number of threads add, one takes. Adding never waits.</summary>
internal sealed class LogQueue(RequestLogOptions options) : IDisposable
{
    private readonly ConcurrentQueue<LogDraft> _drafts = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private int _count;
    private long _contentBytes;
    private long _added;

    public int Count => Volatile.Read(ref _count);

    public long ContentBytes => Interlocked.Read(ref _contentBytes);

    /// <summary>Rows ever added.</summary>
    public long Added => Interlocked.Read(ref _added);

    /// <summary>Whether there is room for content, before anybody copies any.</summary>
    public bool HasRoomForContent => Interlocked.Read(ref _contentBytes) < options.MaxContentBytes;

    /// <summary>False: full, and nothing was taken.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _count) <= options.MaxRows)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>False: full, and nothing was taken.</summary>
    public bool TryReserveContent(int bytes)
    {
        if (Interlocked.Add(ref _contentBytes, bytes) <= options.MaxContentBytes)
        {
            return true;
        }

        GiveBackContent(bytes);
        return false;
    }

    /// <summary>Adds what room was reserved for.</summary>
    public void Add(LogDraft draft)
    {
        _drafts.Enqueue(draft);
        if (Interlocked.Increment(ref _added) % options.BatchRows == 0)
        {
            Wake();
        }
    }

    public bool TryTake(out LogDraft draft) => _drafts.TryDequeue(out draft!);

    /// <summary>Room of rows and content that are written or lost.</summary>
    public void GiveBack(int rows, long contentBytes)
    {
        Interlocked.Add(ref _count, -rows);
        GiveBackContent(contentBytes);
    }

    /// <summary>Ends the wait of the one who takes.</summary>
    public void Wake()
    {
        // Waking somebody who is awake already is no loss; two at once may both try.
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // The other one did it.
            }
        }
    }

    /// <summary>Returns when there is a batch, when it was woken, or after the delay.</summary>
    public Task WaitAsync(TimeSpan delay) => _wake.WaitAsync(delay);

    public void Dispose() => _wake.Dispose();

    private void GiveBackContent(long bytes) => Interlocked.Add(ref _contentBytes, -bytes);
}
