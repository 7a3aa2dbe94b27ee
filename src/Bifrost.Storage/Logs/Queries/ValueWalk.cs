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
    // Cells looked into at once: so many, or those of so many rows. Each statement has a price of its own, and what it reads may be more than is needed.
    private const int CellsAtOnce = 2000;
    private const long RowsAtOnce = 100_000;

    // Going to a cell costs as much as so many of its rows do, and the cells of a day's hours, for each of the day's, as so many.
    private const long RowsOfCell = 30;
    private const long RowsOfHours = 7;

    // By day: what going to all cells costs that are not passed over, and what looking at it hour by hour does, in rows.
    private readonly Dictionary<long, long> _direct = [];
    private readonly Dictionary<long, long> _hourly = [];
    private readonly HashSet<long> _opened = [];
    private readonly PriorityQueue<Candidate, Place> _open = new(Comparer<Place>.Default);
    private readonly HashSet<Candidate> _looked = [];
    private readonly SortedSet<Place> _found = [];

    // The best that may be in so many cells, the worst of them first, and that worst: what can only be worse is passed over.
    private readonly PriorityQueue<Place, Place> _best = new(Comparer<Place>.Create((one, other) => other.CompareTo(one)));
    private Place? _limit;

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

        var search = new Search(from, to, count, after, await Floors.ReadAsync(session), to == extent.To);
        await RunAsync(search, await DaysAsync(search));
        if (_passedOver is { } best && (!IsFull(search) || _found.Max.CompareTo(best) > 0))
        {
            _limit = null;
            search = search with { PassesOver = false };
            await RunAsync(search, await DaysAsync(search));
        }

        return _found;
    }

    private Task<List<(Candidate Cell, Place Best)>> DaysAsync(Search search)
    {
        _passedOver = null;
        _best.Clear();
        _hourly.Clear();
        return CandidatesAsync(search, Level.Day, Level.Day.BucketOf(LogKey.At(search.From)), LogKey.At(search.To - 1) + 1);
    }

    /// <summary>
    /// Each cell has a row with its best value, unless that was deleted or does not match. So the rows wanted are hardly worse than the worst of so many of
    /// the best cells, and cells that are, of which there are very many, can be passed over: at first. Only days that are asked for whole count: of the others
    /// the best rows may be outside.
    /// </summary>
    private void Promise(Search search, long day, Place best)
    {
        // With that value it may be anywhere in the day.
        best = best with
        {
            Key = LogKey.First(descending ? day : day + Level.Day.Width()),
        };
        var isWhole = LogKey.First(day) >= search.From && (search.ToTheEnd || LogKey.First(day + Level.Day.Width()) <= search.To);
        if (isWhole && (search.After is not { } last || best.CompareTo(last) > 0))
        {
            _best.Enqueue(best, best);
            if (_best.Count > search.Count)
            {
                _best.Dequeue();
            }

            _limit = _best.Count == search.Count ? _best.Peek() : null;
        }
    }

    private async Task RunAsync(Search search, List<(Candidate Cell, Place Best)> days)
    {
        _open.Clear();
        _opened.Clear();
        _direct.Clear();
        foreach (var day in days.Where(day => !PassesOver(day.Best)))
        {
            _open.Enqueue(day.Cell, day.Best);
            _direct[day.Cell.Bucket] = _direct.GetValueOrDefault(day.Cell.Bucket) + day.Cell.Count + RowsOfCell;
        }

        var some = new List<Candidate>();
        long rows = 0;
        while (_open.TryDequeue(out var next, out var best))
        {
            if (IsFull(search) && _found.Max.CompareTo(best) <= 0)
            {
                break;
            }

            if (next.Level == Level.Day && _direct[next.Bucket] > _hourly[next.Bucket] && next.Bucket >= search.Floors[Level.Hour])
            {
                // All cells of that day at once: they are in the same segments.
                if (_opened.Add(next.Bucket))
                {
                    var from = Math.Max(next.Bucket, Level.Hour.BucketOf(LogKey.At(search.From)));
                    var to = Math.Min(next.Bucket + Level.Day.Width(), LogKey.At(search.To - 1) + 1);
                    _open.EnqueueRange(await CandidatesAsync(search, Level.Hour, from, to));
                }

                continue;
            }

            // A cell may come in parts, and all of its rows are looked at with the first.
            if (_looked.Add(next with { Count = 0 }))
            {
                some.Add(next);
                rows += next.Count;
            }

            if (some.Count == CellsAtOnce || rows > RowsAtOnce)
            {
                await LookAsync(some, search);
                some.Clear();
                rows = 0;
            }
        }

        if (some.Count > 0)
        {
            await LookAsync(some, search);
        }
    }

    private bool PassesOver(Place best)
    {
        if (_limit is not { } worst || best.CompareTo(worst) <= 0)
        {
            return false;
        }

        _passedOver = _passedOver is { } other && other.CompareTo(best) < 0 ? other : best;
        return true;
    }

    private bool IsFull(Search search) => _found.Count == search.Count;

    private async Task LookAsync(List<Candidate> some, Search search)
    {
        var column = Bounds.Sql(sort);
        var cells = some.Select(cell =>
        {
            var since = Math.Max(search.From, LogKey.First(cell.Bucket));
            var until = Math.Min(search.To, LogKey.First(cell.Bucket + cell.Level.Width()));
            return string.Create(CultureInfo.InvariantCulture, $"({cell.Tuple}, {since}, {until})");
        });
        var way = descending ? "DESC" : "ASC";
        // All of it stands in the index by combination. In which days to look at all, PostgreSQL sees in what SQLite does not go by.
        var found = await session.QueryAsync(
            $"""
            WITH cells (wanted, since, until) AS (VALUES {string.Join(", ", cells)})
            SELECT key, {column} FROM cells CROSS JOIN log_rows
            WHERE tuple = wanted AND key >= since AND key < until AND NOT key < @from AND NOT key >= @to{match.Sql}{BetweenSql(
                column,
                search
            )}
            ORDER BY {column} {way}, key {way} LIMIT {search.Count}
            """,
            reader => PlaceOf(reader.GetInt64(1), reader.GetInt64(0)),
            ("@from", Math.Max(search.From, LogKey.First(some.Min(cell => cell.Bucket)))),
            ("@to", Math.Min(search.To, LogKey.First(some.Max(cell => cell.Bucket + cell.Level.Width()))))
        );
        _found.UnionWith(found);
        while (_found.Count > search.Count)
        {
            _found.Remove(_found.Max);
        }
    }

    /// <summary>Not before the page, and not worse than what is there already.</summary>
    private string BetweenSql(string column, Search search)
    {
        var (before, after) = descending ? (">=", "<") : ("<=", ">");
        var sql = search.After is { } last
            ? string.Create(CultureInfo.InvariantCulture, $" AND ({column}, key) {after} ({last.Value}, {last.Key})")
            : "";
        return IsFull(search) ? sql + string.Create(CultureInfo.InvariantCulture, $" AND {column} {before} {_found.Max.Value}") : sql;
    }

    /// <summary>The matching cells of a range, with the best that each may have. Those that are passed over are left out.</summary>
    private async Task<List<(Candidate Cell, Place Best)>> CandidatesAsync(Search search, Level level, long from, long to)
    {
        var cells = new List<(Candidate, Place)>();
        await foreach (var stored in RollupReader.ReadAsync(session, level, Section.Tuples, from, to, SegmentColumns.Bounds))
        {
            Add(search, stored, level, cells);
        }

        return cells;
    }

    private void Add(Search search, StoredSegment stored, Level level, List<(Candidate, Place)> cells)
    {
        // At best a cell has its value at the favourable end of the bucket.
        var end = descending ? LogKey.First(stored.Bucket + level.Width()) - 1 : LogKey.First(stored.Bucket);
        var all = 0;
        var reader = new SegmentReader(stored.Segment.Keys, stored.Segment.Bounds, default, default);
        while (reader.Next())
        {
            all++;
            var (least, most) = (reader.Bounds.Least(sort), reader.Bounds.Most(sort));
            if (least > most || !match.Tuple(reader.Id))
            {
                continue;
            }

            var best = PlaceOf(descending ? most : least, end);
            if (PassesOver(best))
            {
                continue;
            }

            cells.Add((new Candidate(level, stored.Bucket, reader.Id, reader.Requests), best));
            if (level == Level.Day && search.PassesOver)
            {
                Promise(search, stored.Bucket, best);
            }
        }

        if (level == Level.Day)
        {
            _hourly[stored.Bucket] = _hourly.GetValueOrDefault(stored.Bucket) + (all * RowsOfHours);
        }
    }

    private Place PlaceOf(long value, long key) => new(value, key, descending);

    private readonly record struct Candidate(Level Level, long Bucket, int Tuple, long Count);

    /// <param name="From">Key.</param>
    /// <param name="To">Exclusive.</param>
    /// <param name="Count">Of rows.</param>
    /// <param name="After">Where the page before ended.</param>
    /// <param name="Floors">What is kept.</param>
    /// <param name="ToTheEnd">There is nothing behind.</param>
    /// <param name="PassesOver">Cells that are hardly good enough are passed over.</param>
    private sealed record Search(long From, long To, int Count, Place? After, Floors Floors, bool ToTheEnd, bool PassesOver = true);
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
