using System.Collections.Concurrent;

namespace Bifrost.Observability.Metrics;

/// <summary>The series of some metrics that have the same labels: as many as allowed, and one more for all the rest. Finding one takes no lock.</summary>
internal sealed class SeriesTable<TKey, TSeries>
    where TKey : struct, IEquatable<TKey>
    where TSeries : class
{
    private readonly ConcurrentDictionary<TKey, TSeries> _series = new();
    private readonly Func<TKey, TSeries> _make;
    private readonly Lazy<TSeries> _other;
    private readonly int _most;
    private int _count;
    private long _overflowed;

    public SeriesTable(int most, Func<TKey, TSeries> make, Func<TSeries> makeOther)
    {
        _most = most;
        _make = make;
        _other = new Lazy<TSeries>(makeOther);
    }

    /// <summary>Times that a series was asked for and there was no room.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>What all the rest is counted in.</summary>
    public TSeries Other => _other.Value;

    public TSeries For(in TKey key)
    {
        if (_series.TryGetValue(key, out var found))
        {
            return found;
        }

        if (Volatile.Read(ref _count) >= _most)
        {
            Interlocked.Increment(ref _overflowed);
            return _other.Value;
        }

        return Add(key);
    }

    public List<TSeries> All()
    {
        var all = new List<TSeries>(_series.Count + 1);
        foreach (var (_, series) in _series)
        {
            all.Add(series);
        }

        if (_other.IsValueCreated)
        {
            all.Add(_other.Value);
        }

        return all;
    }

    private TSeries Add(TKey key)
    {
        lock (_series)
        {
            if (_series.TryGetValue(key, out var found))
            {
                return found;
            }

            if (_count >= _most)
            {
                Interlocked.Increment(ref _overflowed);
                return _other.Value;
            }

            var made = _make(key);
            _series[key] = made;
            _count++;
            return made;
        }
    }
}
