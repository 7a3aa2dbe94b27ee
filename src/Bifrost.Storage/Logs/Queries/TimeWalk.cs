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

    // Words with more contents than these are looked up for rows that match otherwise, instead of the other way round.
    private const int FrequentWords = 1000;

    // What finding a combination costs, passing over a row of it in the index, and going from there to a row, where reading one more row along time costs 1.
    // Along time too, a row is cheaper when the database knows that it does not match.
    private const double TupleCost = 2;
    private const double EntryCost = 0.05;
    private const double RowCost = 3;
    private const double PassedOverCost = 0.2;

    // Looking at a day hour by hour, for each combination that it has.
    private const double HoursCost = 0.7;

    // Of how many rows it is looked at how many have the values that are asked for, before all of an hour or day are gone through.
    private const int Sample = 2000;

    // A sample had few of them: no more are taken.
    private bool _isRare;

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

        var rows = match switch
        {
            { AsksText: true } when await HasFewAsync(from, to) => WithWordsAsync(RolledUpAsync(from, to)),
            { AsksText: true } => match.AsksDimensions || match.AsksBounds ? SearchedAsync(from, to) : IndexedAsync(from, to),
            { Metadata.Count: > 0 } when !await HasFewAsync(from, to) => IndexedAsync(from, to),
            _ => match.AsksDimensions || match.AsksBounds ? RolledUpAsync(from, to) : AlongAsync(from, to, 1),
        };
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

    /// <summary>Every row of a range.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="density">Which share of rows is expected to match.</param>
    private IAsyncEnumerable<StoredRow> AlongAsync(long from, long to, double density) =>
        PartsAsync(from, to, density, (from, to, size) => RowReader.RangeAsync(session, from, to, descending, size, match.Sql, columns));

    /// <summary>The rows of a range that are of some combinations.</summary>
    private IAsyncEnumerable<StoredRow> ByTupleAsync(long from, long to, IReadOnlyCollection<int> tuples)
    {
        var also = $" AND tuple IN ({string.Join(",", tuples)}){match.Sql}";
        return PartsAsync(
            from,
            to,
            1,
            (from, to, size) => RowReader.IndexedAsync(session, from, to, descending, size, also, columns, byKey: false)
        );
    }

    /// <summary>The rows of a range that have content. The plus keeps the databases from going by combination.</summary>
    private IAsyncEnumerable<StoredRow> WithPayloadAsync(long from, long to)
    {
        var tuples = match.AsksDimensions ? match.Tuples.Take(MostTuples + 1).ToList() : [];
        var also = (tuples.Count is 0 or > MostTuples ? "" : $" AND +tuple IN ({string.Join(",", tuples)})") + match.Sql;
        return PartsAsync(
            from,
            to,
            1,
            (from, to, size) => RowReader.IndexedAsync(session, from, to, descending, size, also, columns, byKey: true)
        );
    }

    /// <summary>One part after the other, as large as is wanted.</summary>
    private async IAsyncEnumerable<StoredRow> PartsAsync(
        long from,
        long to,
        double density,
        Func<long, long, int, Task<List<StoredRow>>> readAsync
    )
    {
        var size = (int)Math.Clamp(wanted / Math.Max(density, 1e-6) * 1.2, LeastRead, MostRead);
        while (from < to)
        {
            var part = await readAsync(from, to, size);
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

    /// <summary>Rows that have words and more: those with the words, when they are few; otherwise the words are looked up for the others.</summary>
    private async IAsyncEnumerable<StoredRow> SearchedAsync(long from, long to)
    {
        var keys = await SomeKeysAsync(from, to, FrequentWords);
        var rows = keys.Count < FrequentWords ? RowsAsync(keys) : WithWordsAsync(WithPayloadAsync(from, to));
        await foreach (var row in rows)
        {
            yield return row;
        }
    }

    /// <summary>Those of the keys whose rows match, in their order.</summary>
    private async IAsyncEnumerable<StoredRow> RowsAsync(List<long> keys)
    {
        var rows = await RowReader.ByKeyAsync(session, keys, match.Sql, columns);
        foreach (var key in keys)
        {
            if (rows.TryGetValue(key, out var row) && match.Row(row))
            {
                yield return row;
            }
        }
    }

    /// <summary>Keys of an index first, then their rows.</summary>
    private async IAsyncEnumerable<StoredRow> IndexedAsync(long from, long to)
    {
        await foreach (var keys in KeysAsync(from, to))
        {
            await foreach (var row in RowsAsync(keys))
            {
                yield return row;
            }
        }
    }

    /// <summary>Keys that words have, or else the first of the metadata, some at a time.</summary>
    public async IAsyncEnumerable<List<long>> KeysAsync(long from, long to, int most = RowReader.MostKeys)
    {
        var size = (int)Math.Clamp(wanted * 2, LeastRead, most);
        while (from < to)
        {
            var keys = await SomeKeysAsync(from, to, size);
            if (keys.Count > 0)
            {
                yield return keys;
            }

            if (keys.Count < size)
            {
                yield break;
            }

            (from, to) = descending ? (from, keys[^1]) : (keys[^1] + 1, to);
            size = Math.Min(size * 2, most);
        }
    }

    private Task<List<long>> SomeKeysAsync(long from, long to, int size) =>
        session.QueryAsync(
            match.AsksText ? database.TextSql(descending) : PairSql,
            reader => reader.GetInt64(0),
            match.AsksText ? Words : Pair,
            ("@from", from),
            ("@to", to),
            ("@limit", size)
        );

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
                    day.Start >= floors[Level.Hour] && ByTupleCost(day) > day.Cells * HoursCost
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

    private async IAsyncEnumerable<StoredRow> UnitAsync(Unit unit, long from, long to)
    {
        from = Math.Max(from, LogKey.First(unit.Start));
        to = Math.Min(to, LogKey.First(unit.End));
        var density = (double)unit.Matching / Math.Max(1, unit.All);
        // Where values are asked for, it may be the last row that matches.
        var along = match.AsksBounds
            ? (unit.All * PassedOverCost) + Math.Min(unit.Matching, wanted)
            : Math.Min(unit.All, wanted / Math.Max(density, 1e-9));
        var byTuple = ByTupleCost(unit) < along && unit.Tuples.Count <= MostTuples;
        if (byTuple && match.AsksBounds && unit.Matching > Sample && !_isRare && await SampleEdgeAsync(from, to) is { } edge)
        {
            var found = 0;
            await foreach (var row in descending ? AlongAsync(edge, to, density) : AlongAsync(from, edge, density))
            {
                found++;
                yield return row;
            }

            (from, to) = descending ? (from, edge) : (edge, to);
            density = Math.Max(found, 0.5) / Sample;
            byTuple = ByTupleCost(unit) < (wanted - found) / density;
            _isRare = byTuple;
        }

        await foreach (var row in byTuple ? ByTupleAsync(from, to, unit.Tuples) : AlongAsync(from, to, density))
        {
            yield return row;
        }
    }

    /// <summary>Where a sample of a range ends; null in a range that is not longer.</summary>
    private async Task<long?> SampleEdgeAsync(long from, long to) =>
        await session.ScalarAsync(
            $"""
            SELECT key FROM log_rows WHERE key >= @from AND key < @to
            ORDER BY key {(descending ? "DESC" : "ASC")} LIMIT 1 OFFSET {Sample}
            """,
            ("@from", from),
            ("@to", to)
        )
            is long key
            ? key
            : null;

    private double ByTupleCost(Unit unit) =>
        (unit.Tuples.Count * TupleCost) + (unit.Matching * EntryCost) + (Math.Min(unit.Matching, wanted) * RowCost);
}
