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
/// <param name="columns">Of each row. Metadata stands in the detail.</param>
internal sealed class TimeWalk(
    LogDatabase database,
    Session session,
    RowMatch match,
    bool descending,
    long wanted,
    string columns = StoredRow.Columns
)
{
    private const int LeastRead = 64;
    private const int MostRead = 4096;
    private const int MostTuples = 4000;
    private const int WordsAtOnce = 200;

    // Where the dimensions leave fewer rows than these, words and metadata are looked up for the rows instead of in their index.
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

        var rows = match.AsksText
            ? await HasFewAsync(from, to)
                ? WithWordsAsync(RolledUpAsync(from, to))
                : IndexedAsync(database.TextSql(descending), Words, from, to)
            : match.Metadata.Count > 0 && !await HasFewAsync(from, to)
                ? IndexedAsync(PairSql, Pair, from, to)
                : match.AsksDimensions || match.AsksBounds
                    ? RolledUpAsync(from, to)
                    : AlongAsync(from, to, 1);
        await foreach (var row in rows)
        {
            yield return row;
        }
    }

    private string PairSql =>
        $"SELECT key FROM log_metadata WHERE pair = @pair AND key >= @from AND key < @to ORDER BY key {(descending ? "DESC" : "ASC")} LIMIT @limit";

    private (string, object) Words => ("@words", database.TextQuery(match.Words));

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
            var part = await RowReader.RangeAsync(session, from, to, descending, size, tuples, match.Sql, columns);
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
            var rows = await RowReader.ByKeyAsync(session, keys, match.Sql, columns);
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

    /// <summary>Those of the rows whose content has the words.</summary>
    private async IAsyncEnumerable<StoredRow> WithWordsAsync(IAsyncEnumerable<StoredRow> rows)
    {
        var some = new List<StoredRow>();
        await foreach (var row in rows)
        {
            some.Add(row);
            if (some.Count == WordsAtOnce)
            {
                foreach (var found in await HavingWordsAsync(some))
                {
                    yield return found;
                }

                some.Clear();
            }
        }

        foreach (var found in await HavingWordsAsync(some))
        {
            yield return found;
        }
    }

    private async Task<IEnumerable<StoredRow>> HavingWordsAsync(List<StoredRow> rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var keys = await session.QueryAsync(
            database.TextAmongSql(string.Join(",", rows.Select(row => row.Key))),
            reader => reader.GetInt64(0),
            Words
        );
        var having = keys.ToHashSet();
        return rows.Where(row => having.Contains(row.Key)).ToList();
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
            foreach (var day in await Units.ReadAsync(session, match, Level.Day, partFrom, partTo, descending))
            {
                var units =
                    day.Start >= floors[Level.Hour]
                        ? await Units.ReadAsync(session, match, Level.Hour, day.Start, day.Start + width, descending)
                        : [day];
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
        // Where values are asked for, it may be the last row that matches.
        var along = match.AsksBounds ? unit.All : Math.Min(unit.All, wanted / Math.Max(density, 1e-9));
        var byTuple = (unit.Tuples.Count * TupleCost) + (unit.Matching * RowCost);
        return byTuple < along && unit.Tuples.Count <= MostTuples ? AlongAsync(from, to, 1, unit.Tuples) : AlongAsync(from, to, density);
    }
}
