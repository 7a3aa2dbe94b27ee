using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Pages of the list.</summary>
internal static class Pages
{
    /// <summary>A search by words or metadata is ordered by value among this many of its newest rows.</summary>
    public const int SortedAtMost = 20_000;

    /// <returns>The rows of the page, and the place of the last one when there are more.</returns>
    public static async Task<(List<StoredRow> Rows, string? Next)> ReadAsync(
        LogDatabase database,
        LogCatalog catalog,
        Session session,
        LogPageQuery query
    )
    {
        var match = new RowMatch(query.Filter, catalog);
        Place? after = query.After is { } cursor ? PageCursor.Read(cursor, query.Sort, query.Descending) : null;
        var wanted = query.Offset + query.Limit + 1;
        var rows =
            query.Sort == LogSort.Time
                ? await ByTimeAsync(new TimeWalk(database, session, match, query.Descending, wanted), wanted, after?.Key)
            : match.AsksText || match.Metadata.Count > 0 ? await SearchedAsync(database, session, match, query, wanted, after)
            : await ByValueAsync(session, match, query, wanted, after);
        var page = rows.Skip(query.Offset).Take(query.Limit).ToList();
        var more = rows.Count > query.Offset + query.Limit;
        return (
            page,
            more && page.Count > 0 ? PageCursor.Write(query.Sort, query.Descending, ValueOf(page[^1], query.Sort), page[^1].Key) : null
        );
    }

    private static long ValueOf(StoredRow row, LogSort sort) =>
        sort == LogSort.Time ? 0 : Bounds.Value(sort, row.Latency, row.Tokens, row.Cost);

    private static async Task<List<StoredRow>> ByTimeAsync(TimeWalk walk, int wanted, long? after)
    {
        var rows = new List<StoredRow>();
        await foreach (var row in walk.RowsAsync(after))
        {
            rows.Add(row);
            if (rows.Count == wanted)
            {
                break;
            }
        }

        return rows;
    }

    private static async Task<List<StoredRow>> ByValueAsync(Session session, RowMatch match, LogPageQuery query, int wanted, Place? after)
    {
        return await RowsAsync(session, await new ValueWalk(session, match, query.Sort, query.Descending).FirstAsync(wanted, after));
    }

    private static async Task<List<StoredRow>> RowsAsync(Session session, IReadOnlyCollection<Place> places)
    {
        var rows = await RowReader.ByKeyAsync(session, [.. places.Select(place => place.Key)]);
        return [.. places.Select(place => rows[place.Key])];
    }

    private static async Task<List<StoredRow>> SearchedAsync(
        LogDatabase database,
        Session session,
        RowMatch match,
        LogPageQuery query,
        int wanted,
        Place? after
    )
    {
        var values = new FoundValues(database, session, match, query.Sort);
        if (values.AreKnownByIndex)
        {
            var rows = await RowsAsync(session, await BestAsync(values.NewestAsync(), query, wanted, after));
            // A hash of metadata may be that of another, in theory.
            if (rows.TrueForAll(match.Row))
            {
                return rows;
            }
        }

        return await RowsAsync(session, await BestAsync(values.ReadAsync(), query, wanted, after));
    }

    private static async Task<SortedSet<Place>> BestAsync(
        IAsyncEnumerable<(long Key, long Value)> found,
        LogPageQuery query,
        int wanted,
        Place? after
    )
    {
        var best = new SortedSet<Place>();
        await foreach (var (key, value) in found.Take(SortedAtMost))
        {
            var place = new Place(value, key, query.Descending);
            if (after is { } last && place.CompareTo(last) <= 0)
            {
                continue;
            }

            if (best.Count < wanted || place.CompareTo(best.Max) < 0)
            {
                best.Add(place);
            }

            if (best.Count > wanted)
            {
                best.Remove(best.Max);
            }
        }

        return best;
    }
}
