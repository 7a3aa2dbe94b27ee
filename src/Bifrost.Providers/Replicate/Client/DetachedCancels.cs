using System.Collections.Concurrent;

namespace Bifrost.Providers.Replicate;

/// <summary>Work that outlives its request (cancelling upstream), kept in sight so that a shutdown can wait for it. Thread-safe.</summary>
internal sealed class DetachedCancels
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    public int Count => _running.Count;

    public void Track(Task work)
    {
        _running[work] = 0;
        _ = ForgetAsync(work);
    }

    /// <summary>Returns when everything tracked so far is over. Each is bounded by its own budget.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Keys).WaitAsync(cancel);
            await Task.Yield();
        }
    }

    private async Task ForgetAsync(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.TryRemove(work, out _);
    }
}
