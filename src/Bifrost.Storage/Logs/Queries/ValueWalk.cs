using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>
/// The first rows by latency, tokens or cost. The roll-ups know the most and least of each combination in each bucket, so the most promising are looked into
/// first, and no more once the next can have nothing better than what has been found. There is no index by value.
/// </summary>
/// <param name="session">Where; all is seen as of one moment.</param>
/// <param name="match">Which rows. Neither text nor metadata.</param>
/// <param name="sort">By what.</param>
/// <param name="descending">The most first.</param>
internal sealed class ValueWalk(Session session, RowMatch match, LogSort sort, bool descending)
{
    private const int AtOnce = 12;

    // A cell of a day with more rows than these is looked at hour by hour.
    private const int ManyRows = 100;

    // By day: what is looked at hour by hour.
    private readonly Dictionary<long, HashSet<int>> _many = [];
    private readonly PriorityQueue<Candidate, Place> _open = new(Comparer<Place>.Default);

    /// <param name="count">So many.</param>
    /// <param name="after">Goes on behind this one.</param>
    public async Task<List<Place>> FirstAsync(int count, Place? after)
    {
        if (!match.AnyTuple || await RowReader.ExtentAsync(session) is not { } extent)
        {
            return [];
        }

        var from = Math.Max(match.FirstKey, extent.From);
        var to = Math.Min(match.EndKey, extent.To);
        if (from >= to)
        {
            return [];
        }

        var floors = await Floors.ReadAsync(session);
        await OpenAsync(Level.Day, Level.Day.BucketOf(LogKey.At(from)), LogKey.At(to - 1) + 1, null);
        var found = new SortedSet<Place>();
        var some = new List<Candidate>();
        var hours = new HashSet<long>();
        while (_open.TryDequeue(out var next, out var best))
        {
            if (found.Count == count && found.Max.CompareTo(best) <= 0)
            {
                break;
            }

            if (next.Level == Level.Day && next.Count > ManyRows && next.Bucket >= floors[Level.Hour])
            {
                // All combinations of that day at once: they are in the same segments. Those read already are dropped when it is their turn.
                if (hours.Add(next.Bucket))
                {
                    await OpenAsync(Level.Hour, next.Bucket, next.Bucket + Level.Day.Width(), _many[next.Bucket]);
                }

                continue;
            }

            some.Add(next);
            if (some.Count == AtOnce || _open.Count == 0 || !SameBucket(some[0], _open.Peek()))
            {
                await LookAsync(some, from, to, count, after, found);
                some.Clear();
            }
        }

        if (some.Count > 0)
        {
            await LookAsync(some, from, to, count, after, found);
        }

        return [.. found];
    }

    private static bool SameBucket(Candidate one, Candidate other) => (one.Level, one.Bucket) == (other.Level, other.Bucket);

    private async Task LookAsync(List<Candidate> some, long from, long to, int count, Place? after, SortedSet<Place> found)
    {
        foreach (var bucket in some.GroupBy(candidate => (candidate.Level, candidate.Bucket)))
        {
            var rows = await RowReader.RangeAsync(
                session,
                Math.Max(from, LogKey.First(bucket.Key.Bucket)),
                Math.Min(to, LogKey.First(bucket.Key.Bucket + bucket.Key.Level.Width())),
                descending,
                int.MaxValue,
                bucket.Select(candidate => candidate.Tuple).ToList(),
                StoredRow.NumberColumns
            );
            foreach (var row in rows)
            {
                var place = PlaceOf(Bounds.Value(sort, row.Latency, row.Tokens, row.Cost), row.Key);
                if (match.Row(row) && (after is not { } last || place.CompareTo(last) > 0))
                {
                    found.Add(place);
                    if (found.Count > count)
                    {
                        found.Remove(found.Max);
                    }
                }
            }
        }
    }

    /// <summary>Puts all matching cells of a range among the candidates.</summary>
    /// <param name="level">Whose.</param>
    /// <param name="from">First bucket.</param>
    /// <param name="to">Before this.</param>
    /// <param name="wanted">Only these combinations; null: all.</param>
    private async Task OpenAsync(Level level, long from, long to, HashSet<int>? wanted)
    {
        var cells = new Dictionary<(long Bucket, int Tuple), (long Count, long Best)>();
        await foreach (var stored in RollupReader.ReadAsync(session, level, Section.Tuples, from, to, SegmentColumns.Bounds))
        {
            Add(stored, cells);
        }

        if (level == Level.Day)
        {
            foreach (var ((bucket, tuple), (count, _)) in cells)
            {
                if (count > ManyRows)
                {
                    _many.TryAdd(bucket, []);
                    _many[bucket].Add(tuple);
                }
            }
        }

        _open.EnqueueRange(
            cells
                .Where(cell => cell.Value.Count > 0 && wanted?.Contains(cell.Key.Tuple) != false)
                .Select(cell =>
                    (
                        new Candidate(level, cell.Key.Bucket, cell.Key.Tuple, cell.Value.Count),
                        // At best it has that value at the favourable end of the bucket.
                        PlaceOf(
                            descending ? cell.Value.Best : -cell.Value.Best,
                            descending ? LogKey.First(cell.Key.Bucket + level.Width()) : LogKey.First(cell.Key.Bucket)
                        )
                    )
                )
        );
    }

    private void Add(StoredSegment stored, Dictionary<(long Bucket, int Tuple), (long Count, long Best)> cells)
    {
        var reader = new SegmentReader(stored.Segment.Keys, stored.Segment.Bounds, default, default);
        while (reader.Next())
        {
            if (!match.Tuple(reader.Id))
            {
                continue;
            }

            // Kept so that more is better.
            var best =
                reader.Bounds.Least(sort) > reader.Bounds.Most(sort) ? long.MinValue
                : descending ? reader.Bounds.Most(sort)
                : -reader.Bounds.Least(sort);
            ref var cell = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                cells,
                (stored.Bucket, reader.Id),
                out var there
            );
            cell = there ? (cell.Count + reader.Requests, Math.Max(cell.Best, best)) : (reader.Requests, best);
        }
    }

    private Place PlaceOf(long value, long key) => new(value, key, descending);

    private readonly record struct Candidate(Level Level, long Bucket, int Tuple, long Count);
}

/// <summary>Where a row stands in an order by value and then time. What comes first is less.</summary>
internal readonly record struct Place(long Value, long Key, bool Descending) : IComparable<Place>
{
    public int CompareTo(Place other)
    {
        var order = Value.CompareTo(other.Value);
        order = order == 0 ? Key.CompareTo(other.Key) : order;
        return Descending ? -order : order;
    }
}
