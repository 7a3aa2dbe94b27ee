using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>A latency sketch while it is being added up. Few bins are a sorted list, many an array with a place for each in between. Counts may be taken away.</summary>
internal sealed class Bins
{
    private const int Many = 40;
    private int[] _bins = [];
    private long[] _counts = [];
    private int _used;

    // The first bin of a dense array; -1 while it is a list.
    private int _first = -1;

    public bool IsEmpty
    {
        get
        {
            foreach (var count in _counts.AsSpan(0, _used))
            {
                if (count != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public void Add(int bin, long count)
    {
        if (_first >= 0)
        {
            AddDense(bin, count);
            return;
        }

        var at = Array.BinarySearch(_bins, 0, _used, bin);
        if (at >= 0)
        {
            _counts[at] += count;
        }
        else if (_used == Many)
        {
            Spread();
            AddDense(bin, count);
        }
        else
        {
            Insert(~at, bin, count);
        }
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public void Add(ref ByteReader from)
    {
        var left = (int)from.Number();
        if (_used == 0 && _first < 0 && left > 0)
        {
            Load(ref from, left);
            return;
        }

        for (var bin = 0; left > 0; left--)
        {
            bin += (int)from.Number();
            Add(bin, from.Number());
        }
    }

    public void Add(Bins other)
    {
        for (var at = 0; at < other._used; at++)
        {
            if (other._counts[at] != 0)
            {
                Add(other._first >= 0 ? other._first + at : other._bins[at], other._counts[at]);
            }
        }
    }

    public void Write(ByteWriter to)
    {
        var count = 0;
        for (var at = 0; at < _used; at++)
        {
            count += _counts[at] == 0 ? 0 : 1;
        }

        to.Number(count);
        var before = 0;
        for (var at = 0; at < _used; at++)
        {
            if (_counts[at] != 0)
            {
                var bin = _first >= 0 ? _first + at : _bins[at];
                to.Number(bin - before);
                to.Number(_counts[at]);
                before = bin;
            }
        }
    }

    public LatencySketch ToSketch()
    {
        var filled = 0;
        for (var at = 0; at < _used; at++)
        {
            filled += _counts[at] == 0 ? 0 : 1;
        }

        var bins = new (int, long)[filled];
        for (int at = 0, to = 0; to < filled; at++)
        {
            if (_counts[at] != 0)
            {
                bins[to++] = (_first >= 0 ? _first + at : _bins[at], _counts[at]);
            }
        }

        return LatencySketch.OfSorted(bins);
    }

    /// <summary>What was written, where nothing is yet.</summary>
    private void Load(ref ByteReader from, int count)
    {
        _bins = new int[count];
        _counts = new long[count];
        var bin = 0;
        for (var at = 0; at < count; at++)
        {
            bin += (int)from.Number();
            (_bins[at], _counts[at]) = (bin, from.Number());
        }

        _used = count;
        if (count > Many)
        {
            Spread();
        }
    }

    private void Insert(int at, int bin, long count)
    {
        if (_used == _bins.Length)
        {
            var size = Math.Min(Many, Math.Max(2, _used * 2));
            Array.Resize(ref _bins, size);
            Array.Resize(ref _counts, size);
        }

        Array.Copy(_bins, at, _bins, at + 1, _used - at);
        Array.Copy(_counts, at, _counts, at + 1, _used - at);
        (_bins[at], _counts[at]) = (bin, count);
        _used++;
    }

    private void Spread()
    {
        var first = _bins[0];
        var dense = new long[_bins[_used - 1] - first + 1];
        for (var at = 0; at < _used; at++)
        {
            dense[_bins[at] - first] = _counts[at];
        }

        (_first, _counts, _used, _bins) = (first, dense, dense.Length, []);
    }

    private void AddDense(int bin, long count)
    {
        if (bin < _first)
        {
            // Some places more than are needed: bins come from all sides.
            var first = Math.Max(0, bin - 16);
            var wider = new long[_used + _first - first];
            Array.Copy(_counts, 0, wider, _first - first, _used);
            (_counts, _used, _first) = (wider, wider.Length, first);
        }
        else if (bin - _first >= _used)
        {
            var wider = new long[bin - _first + 17];
            Array.Copy(_counts, wider, _used);
            (_counts, _used) = (wider, wider.Length);
        }

        _counts[bin - _first] += count;
    }
}
