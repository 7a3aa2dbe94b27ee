using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>How many rows match.</summary>
internal sealed class Counting(LogDatabase database, LogCatalog catalog, Session session)
{
    /// <summary>Numbers that add up to it, or to <paramref name="most"/> or more; whoever stops in between has counted so many.</summary>
    public async IAsyncEnumerable<long> OfAsync(LogFilter filter, long most)
    {
        var match = new RowMatch(filter, catalog);
        if (await RowReader.ExtentAsync(session) is not { } extent)
        {
            yield break;
        }

        if (match.IsPlain)
        {
            // Sums live longer than rows, and here rows are asked for.
            var kept = filter with
            {
                From = Math.Max(match.From, LogKey.At(extent.From)),
            };
            var counts = await new Aggregation(database, catalog, session, new LogAggregateQuery(kept, null, null)).CountsAsync();
            yield return counts.Values.Sum();
            yield break;
        }

        var columns = match.Metadata.Count > 0 ? StoredRow.Columns : StoredRow.NumberColumns;
        long seen = 0;
        await foreach (var _ in new TimeWalk(database, session, match, descending: true, most, columns).RowsAsync(null))
        {
            yield return 1;
            if (++seen >= most)
            {
                yield break;
            }
        }
    }
}
