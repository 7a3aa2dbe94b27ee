using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>
/// Rows that match, in order of time, as many as are asked for. The roll-ups say how many rows of which combinations each hour has, so hours without a match
/// are passed over, and in the others it is known what is cheaper: reading along time, or going to the rows of the few combinations that match.
/// </summary>
/// <param name="database">Knows how texts are searched for.</param>
/// <param name="session">Where; all is seen as of one moment.</param>
/// <param name="match">Which rows.</param>
/// <param name="descending">The newest first.</param>
/// <param name="wanted">As many will be taken, about.</param>
internal sealed class TimeWalk(LogDatabase database, Session session, RowMatch match, bool descending, long wanted)
{
    private const int LeastRead = 64;
    private const int MostRead = 4096;
    private const int MostTuples = 4000;

    // Where the dimensions leave fewer rows than these, metadata is looked up in the rows instead of in its index.
    private const long FewRows = 20_000;

    // What finding a combination, and a row of it, costs, where reading one more row along time costs 1.
    private const int TupleCost = 5;
    private const int RowCost = 3;

    /// <param name="after">Goes on behind this key.</param>
    public async IAsyncEnumerable<StoredRow> RowsAsync(long? after)
    {
        if (!match.AnyTuple || (match.AsksText && match.Words.Count == 0) || await RowReader.ExtentAsync(session) is not { } extent)
        {
            yield break;
        }

        var from = Math.Max(match.FirstKey, extent.From);
        var to = Math.Min(match.EndKey, extent.To);
        (from, to) = (after, descending) switch
        {
            ({ } key, true) => (from, Math.Min(to, key)),
            ({ } key, false) => (Math.Max(from, key + 1), to),
            _ => (from, to),
        };
        if (from >= to)
        {
            yield break;
        }

        var rows =
            match.AsksText ? IndexedAsync(database.TextSql(descending), ("@words", database.TextQuery(match.Words)), from, to)
            : match.Metadata.Count > 0 && !await HasFewAsync(from, to) ? IndexedAsync(PairSql, Pair, from, to)
            : match.AsksDimensions || match.AsksBounds ? RolledUpAsync(from, to)
            : AlongAsync(from, to, 1);
        await foreach (var row in rows)
        {
            yield return row;
        }
    }

    private string PairSql =>
        $"SELECT key FROM log_metadata WHERE pair = @pair AND key >= @from AND key < @to ORDER BY key {(descending ? "DESC" : "ASC")} LIMIT @limit";

    private (string, object) Pair => ("@pair", LogKey.Pair(match.Metadata[0].Key, match.Metadata[0].Value));

    private async Task<bool> HasFewAsync(long from, long to)
    {
        if (!match.AsksDimensions)
        {
            return false;
        }

        long count = 0;
        var first = Level.Day.BucketOf(LogKey.At(from));
        foreach (var (_, counts) in await RollupReader.CountsAsync(session, Level.Day, first, LogKey.At(to) + 1))
        {
            foreach (var (tuple, requests) in counts)
            {
                count += match.Tuple(tuple) ? requests : 0;
            }
        }

        return count <= FewRows;
    }

    /// <summary>Every row of a range, one part after the other.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="density">Which share of rows is expected to match.</param>
    /// <param name="tuples">Only these, by their index; null: all.</param>
    private async IAsyncEnumerable<StoredRow> AlongAsync(long from, long to, double density, IReadOnlyCollection<int>? tuples = null)
    {
        var size = (int)Math.Clamp(wanted / Math.Max(density, 1e-6) * 1.2, LeastRead, MostRead);
        while (from < to)
        {
            var part = await RowReader.RangeAsync(session, from, to, descending, size, tuples);
            foreach (var row in part)
            {
                if (match.Row(row))
                {
                    yield return row;
                }
            }

            if (part.Count < size)
            {
                yield break;
            }

            (from, to) = descending ? (from, part[^1].Key) : (part[^1].Key + 1, to);
            size = Math.Min(size * 2, MostRead);
        }
    }

    /// <summary>Keys of an index first, then their rows.</summary>
    private async IAsyncEnumerable<StoredRow> IndexedAsync(string sql, (string, object) what, long from, long to)
    {
        var size = (int)Math.Clamp(wanted * 2, LeastRead, RowReader.MostKeys);
        while (from < to)
        {
            var keys = await session.QueryAsync(sql, reader => reader.GetInt64(0), what, ("@from", from), ("@to", to), ("@limit", size));
            var rows = await RowReader.ByKeyAsync(session, keys);
            foreach (var key in keys)
            {
                if (rows.TryGetValue(key, out var row) && match.Row(row))
                {
                    yield return row;
                }
            }

            if (keys.Count < size)
            {
                yield break;
            }

            (from, to) = descending ? (from, keys[^1]) : (keys[^1] + 1, to);
            size = Math.Min(size * 2, RowReader.MostKeys);
        }
    }

    private async IAsyncEnumerable<StoredRow> RolledUpAsync(long from, long to)
    {
        var floors = await Floors.ReadAsync(session);
        var width = Level.Day.Width();
        var first = Level.Day.BucketOf(LogKey.At(from));
        var end = Level.Day.BucketOf(LogKey.At(to - 1)) + width;

        // A few days at a time, and more when there was nothing.
        for (var days = 1; first < end; days = Math.Min(days * 2, 32))
        {
            var (partFrom, partTo) = descending
                ? (Math.Max(first, end - (days * width)), end)
                : (first, Math.Min(end, first + (days * width)));
            (first, end) = descending ? (first, partFrom) : (partTo, end);
            foreach (var day in await UnitsAsync(Level.Day, partFrom, partTo))
            {
                var units = day.Start >= floors[Level.Hour] ? await UnitsAsync(Level.Hour, day.Start, day.Start + width) : [day];
                foreach (var unit in units)
                {
                    await foreach (var row in UnitAsync(unit, from, to))
                    {
                        yield return row;
                    }
                }
            }
        }
    }

    private IAsyncEnumerable<StoredRow> UnitAsync(Unit unit, long from, long to)
    {
        from = Math.Max(from, LogKey.First(unit.Start));
        to = Math.Min(to, LogKey.First(unit.End));
        var density = (double)unit.Matching / Math.Max(1, unit.All);
        var along = Math.Min(unit.All, wanted / Math.Max(density, 1e-9));
        var byTuple = (unit.Tuples.Count * TupleCost) + (unit.Matching * RowCost);
        return byTuple < along && unit.Tuples.Count <= MostTuples ? AlongAsync(from, to, 1, unit.Tuples) : AlongAsync(from, to, density);
    }

    /// <summary>The buckets that have matches, in order.</summary>
    private async Task<List<Unit>> UnitsAsync(Level level, long from, long to)
    {
        var units = new Dictionary<long, Unit>();
        var columns = match.AsksBounds ? SegmentColumns.Bounds : SegmentColumns.None;
        await foreach (var stored in RollupReader.ReadAsync(session, level, Section.Tuples, from, to, columns))
        {
            if (!units.TryGetValue(stored.Bucket, out var unit))
            {
                units[stored.Bucket] = unit = new Unit(stored.Bucket, stored.Bucket + level.Width());
            }

            unit.Add(stored.Segment, match);
        }

        foreach (var unit in units.Values)
        {
            unit.Narrow(match);
        }

        var found = units.Values.Where(unit => unit.Tuples.Count > 0);
        return (descending ? found.OrderByDescending(unit => unit.Start) : found.OrderBy(unit => unit.Start)).ToList();
    }

    private sealed class Unit(long start, long end)
    {
        public long Start => start;

        public long End => end;

        // Parts of one cell are known together only: a new price comes without the latency of its row.
        private readonly Dictionary<int, (Bounds Bounds, long Count)> _bounds = [];

        public HashSet<int> Tuples { get; } = [];

        public long Matching { get; private set; }

        public long All { get; private set; }

        public void Add(Segment segment, RowMatch match)
        {
            var reader = new SegmentReader(segment.Keys, segment.Bounds, default, default);
            while (reader.Next())
            {
                All += reader.Requests;
                if (!match.Tuple(reader.Id))
                {
                    continue;
                }

                Matching += reader.Requests;
                Tuples.Add(reader.Id);
                if (segment.Bounds.Length > 0)
                {
                    var (bounds, count) = _bounds.TryGetValue(reader.Id, out var there) ? there : (new Bounds(), 0);
                    bounds.Include(reader.Bounds);
                    _bounds[reader.Id] = (bounds, count + reader.Requests);
                }
            }
        }

        /// <summary>Leaves only combinations that may have rows with such values. How many they have is not known, at most all.</summary>
        public void Narrow(RowMatch match)
        {
            foreach (var (tuple, (bounds, count)) in _bounds)
            {
                if (!match.Within(bounds))
                {
                    Tuples.Remove(tuple);
                    Matching -= count;
                }
            }
        }
    }
}
