using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Buckets of the roll-ups, and what of each may match.</summary>
internal static class Units
{
    /// <summary>The buckets that may have matches, in order.</summary>
    public static async Task<List<Unit>> ReadAsync(Session session, RowMatch match, Level level, long from, long to, bool descending)
    {
        var units = new Dictionary<long, Unit>();
        var columns = match.AsksBounds ? SegmentColumns.Bounds : SegmentColumns.None;
        await foreach (var stored in RollupReader.ReadAsync(session, level, Section.Tuples, from, to, columns))
        {
            if (!units.TryGetValue(stored.Bucket, out var unit))
            {
                units[stored.Bucket] = unit = new Unit(stored.Bucket, stored.Bucket + level.Width());
            }

            unit.Add(stored.Segment);
        }

        foreach (var unit in units.Values)
        {
            unit.Close(match);
        }

        var found = units.Values.Where(unit => unit.Tuples.Count > 0);
        return (descending ? found.OrderByDescending(unit => unit.Start) : found.OrderBy(unit => unit.Start)).ToList();
    }
}

/// <param name="start">Unix microseconds.</param>
/// <param name="end">Exclusive.</param>
internal sealed class Unit(long start, long end)
{
    private readonly List<Segment> _segments = [];

    public long Start => start;

    public long End => end;

    /// <summary>Combinations that may have matches.</summary>
    public HashSet<int> Tuples { get; } = [];

    /// <summary>Rows of those; where values are asked for, how many of them match is not known.</summary>
    public long Matching { get; private set; }

    public long All { get; private set; }

    /// <summary>Combinations that it has.</summary>
    public int Cells { get; private set; }

    public void Add(Segment segment) => _segments.Add(segment);

    public void Close(RowMatch match)
    {
        if (_segments.Count == 1 || !match.AsksBounds)
        {
            foreach (var segment in _segments)
            {
                Close(segment, match);
            }
        }
        else
        {
            CloseTogether(match);
        }

        _segments.Clear();
    }

    private void Close(Segment segment, RowMatch match)
    {
        var reader = new SegmentReader(segment.Keys, segment.Bounds, default, default);
        while (reader.Next())
        {
            All += reader.Requests;
            Cells++;
            if (match.Tuple(reader.Id) && (!match.AsksBounds || match.Within(reader.Bounds)))
            {
                Matching += reader.Requests;
                Tuples.Add(reader.Id);
            }
        }
    }

    // Parts of one cell are known together only: a new price comes without the latency of its row.
    private void CloseTogether(RowMatch match)
    {
        var cells = new Dictionary<int, (Bounds Bounds, long Count)>();
        foreach (var segment in _segments)
        {
            var reader = new SegmentReader(segment.Keys, segment.Bounds, default, default);
            while (reader.Next())
            {
                All += reader.Requests;
                Cells++;
                if (match.Tuple(reader.Id))
                {
                    var (bounds, count) = cells.TryGetValue(reader.Id, out var there) ? there : (new Bounds(), 0);
                    bounds.Include(reader.Bounds);
                    cells[reader.Id] = (bounds, count + reader.Requests);
                }
            }
        }

        foreach (var (tuple, (bounds, count)) in cells)
        {
            if (match.Within(bounds))
            {
                Matching += count;
                Tuples.Add(tuple);
            }
        }
    }
}
