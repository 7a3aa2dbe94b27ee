using System.Collections.Immutable;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Observability.Live;

/// <summary>Shows rows to whoever is watching. A watcher that reads too slowly misses rows and is told how many; nobody ever waits for it. Thread-safe.</summary>
public sealed class LiveFeed
{
    private ImmutableArray<LiveWatcher> _watchers = [];

    /// <summary>How many are watching.</summary>
    public int Watchers => _watchers.Length;

    /// <summary>Shows rows from now on that pass the filter (see <see cref="LiveFilter.Matches"/>), until it is disposed of.</summary>
    /// <param name="filter">Which rows.</param>
    /// <param name="room">Rows that may wait to be read. Default 256.</param>
    public LiveWatcher Watch(LogFilter filter, int room = 256)
    {
        var watcher = new LiveWatcher(this, filter, room);
        ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Add(one), watcher);
        return watcher;
    }

    /// <summary>Shows a row to everybody who watches for its like. Never waits.</summary>
    public void Publish(LogRow row)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Offer(row);
        }
    }

    internal void Forget(LiveWatcher watcher) => ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Remove(one), watcher);
}
