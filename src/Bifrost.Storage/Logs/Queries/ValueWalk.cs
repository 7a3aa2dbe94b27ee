using System.Globalization;
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
    private readonly HashSet<long> _opened = [];
    private readonly PriorityQueue<Candidate, Place> _open = new(Comparer<Place>.Default);
    private readonly HashSet<(Level, long, int)> _looked = [];
    private readonly SortedSet<Place> _found = [];

    // The best that a cell may have which was not looked into.
    private Place? _passedOver;

    /// <param name="count">So many.</param>
    /// <param name="after">Goes on behind this one.</param>
    public async Task<IReadOnlyCollection<Place>> FirstAsync(int count, Place? after)
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
        var days = await CandidatesAsync(Level.Day, Level.Day.BucketOf(LogKey.At(from)), LogKey.At(to - 1) + 1, null, null);
        // Only days that are asked for whole: of the others the best rows may be outside.
        var whole = days.Where(day =>
            LogKey.First(day.Cell.Bucket) >= from && (to == extent.To || LogKey.First(day.Cell.Bucket + Level.Day.Width()) <= to)
        );
        var search = new Search(from, to, count, after, floors, HardlyWorse(whole, count, after));
        await RunAsync(search, days);
        if (_passedOver is { } best && (!IsFull(search) || _found.Max.CompareTo(best) > 0))
        {
            await RunAsync(search with { Limit = null }, days);
        }

        return _found;
    }

    /// <summary>
    /// Each cell has a row with its best value, unless that was deleted or does not match. So the rows wanted are hardly worse than the worst of so many of
    /// the best cells, and among hours, of which there are very many, those that are can be passed over: at first.
    /// </summary>
    private static Place? HardlyWorse(IEnumerable<(Candidate Cell, Place Best)> days, int count, Place? after)
    {
        var behind = days.Select(day => day.Best).Where(best => after is not { } last || best.CompareTo(last) > 0).ToList();
        return behind.Count < count ? null : behind.Order().ElementAt(count - 1);
    }

    private async Task RunAsync(Search search, List<(Candidate Cell, Place Best)> days)
    {
        _open.Clear();
        _opened.Clear();
        _passedOver = null;
        _open.EnqueueRange(days.Where(day => !PassesOver(day.Best, search.Limit)));
        var some = new List<Candidate>();
        while (_open.TryDequeue(out var next, out var best))
        {
            if (IsFull(search) && _found.Max.CompareTo(best) <= 0)
            {
                break;
            }

            if (IsMany(next) && next.Bucket >= search.Floors[Level.Hour])
            {
                // All combinations of that day at once: they are in the same segments. Those read already are dropped when it is their turn.
                if (_opened.Add(next.Bucket))
                {
                    var end = next.Bucket + Level.Day.Width();
                    _open.EnqueueRange(await CandidatesAsync(Level.Hour, next.Bucket, end, _many[next.Bucket], search.Limit));
                }

                continue;
            }

            // A cell may come in parts, and all of its rows are looked at with the first.
            if (_looked.Add((next.Level, next.Bucket, next.Tuple)))
            {
                some.Add(next);
            }

            if (some.Count == 0)
            {
                continue;
            }

            if (some.Count == AtOnce || _open.Count == 0 || !SameBucket(some[0], _open.Peek()))
            {
                await LookAsync(some, search);
                some.Clear();
            }
        }

        if (some.Count > 0)
        {
            await LookAsync(some, search);
        }
    }

    private bool PassesOver(Place best, Place? limit)
    {
        if (limit is not { } worst || best.CompareTo(worst) <= 0)
        {
            return false;
        }

        _passedOver = _passedOver is { } other && other.CompareTo(best) < 0 ? other : best;
        return true;
    }

    private bool IsMany(Candidate cell) =>
        cell.Level == Level.Day && _many.TryGetValue(cell.Bucket, out var tuples) && tuples.Contains(cell.Tuple);

    private bool IsFull(Search search) => _found.Count == search.Count;

    private static bool SameBucket(Candidate one, Candidate other) => (one.Level, one.Bucket) == (other.Level, other.Bucket);

    private async Task LookAsync(List<Candidate> some, Search search)
    {
        foreach (var bucket in some.GroupBy(candidate => (candidate.Level, candidate.Bucket)))
        {
            var rows = await RowReader.RangeAsync(
                session,
                Math.Max(search.From, LogKey.First(bucket.Key.Bucket)),
                Math.Min(search.To, LogKey.First(bucket.Key.Bucket + bucket.Key.Level.Width())),
                descending,
                int.MaxValue,
                bucket.Select(candidate => candidate.Tuple).ToList(),
                match.Sql + BetweenSql(search),
                StoredRow.NumberColumns
            );
            foreach (var row in rows)
            {
                var place = PlaceOf(Bounds.Value(sort, row.Latency, row.Tokens, row.Cost), row.Key);
                if (match.Row(row) && (search.After is not { } last || place.CompareTo(last) > 0))
                {
                    _found.Add(place);
                    if (_found.Count > search.Count)
                    {
                        _found.Remove(_found.Max);
                    }
                }
            }
        }
    }

    /// <summary>Not before the page, and not worse than what is there already.</summary>
    private string BetweenSql(Search search)
    {
        var column = sort switch
        {
            LogSort.Latency => "latency",
            LogSort.Tokens => "input + output",
            _ => "COALESCE(cost, -1)",
        };
        var (first, last) = (search.After?.Value, IsFull(search) ? _found.Max.Value : (long?)null);
        var (least, most) = descending ? (last, first) : (first, last);
        return string.Create(CultureInfo.InvariantCulture, $" AND {column} BETWEEN {least ?? -1} AND {most ?? long.MaxValue}");
    }

    /// <summary>The matching cells of a range, with the best that each may have.</summary>
    /// <param name="level">Whose.</param>
    /// <param name="from">First bucket.</param>
    /// <param name="to">Before this.</param>
    /// <param name="wanted">Only these combinations; null: all.</param>
    /// <param name="limit">Only those that are not worse; null: all.</param>
    private async Task<List<(Candidate Cell, Place Best)>> CandidatesAsync(
        Level level,
        long from,
        long to,
        HashSet<int>? wanted,
        Place? limit
    )
    {
        var cells = new List<(Candidate, Place)>();
        await foreach (var stored in RollupReader.ReadAsync(session, level, Section.Tuples, from, to, SegmentColumns.Bounds))
        {
            Add(stored, level, wanted, limit, cells);
        }

        return cells;
    }

    private void Add(StoredSegment stored, Level level, HashSet<int>? wanted, Place? limit, List<(Candidate, Place)> cells)
    {
        // At best a cell has its value at the favourable end of the bucket.
        var end = LogKey.First(descending ? stored.Bucket + level.Width() : stored.Bucket);
        var reader = new SegmentReader(stored.Segment.Keys, stored.Segment.Bounds, default, default);
        while (reader.Next())
        {
            var (least, most) = (reader.Bounds.Least(sort), reader.Bounds.Most(sort));
            if (least > most || !match.Tuple(reader.Id))
            {
                continue;
            }

            var best = PlaceOf(descending ? most : least, end);
            if (wanted?.Contains(reader.Id) == false || PassesOver(best, limit))
            {
                continue;
            }

            if (level == Level.Day && reader.Requests > ManyRows)
            {
                _many.TryAdd(stored.Bucket, []);
                _many[stored.Bucket].Add(reader.Id);
            }

            cells.Add((new Candidate(level, stored.Bucket, reader.Id, reader.Requests), best));
        }
    }

    private Place PlaceOf(long value, long key) => new(value, key, descending);

    private readonly record struct Candidate(Level Level, long Bucket, int Tuple, long Count);

    /// <param name="From">Key.</param>
    /// <param name="To">Exclusive.</param>
    /// <param name="Count">Of rows.</param>
    /// <param name="After">Where the page before ended.</param>
    /// <param name="Floors">What is kept.</param>
    /// <param name="Limit">Cells that can only be worse are passed over; null: none.</param>
    private sealed record Search(long From, long To, int Count, Place? After, Floors Floors, Place? Limit);
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
