using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Rows of which only the id is known.</summary>
internal static class Finding
{
    private const int AtOnce = 1000;

    /// <summary>The newest first. Where an id alone does not say when its row was made, all days there are are asked.</summary>
    public static async Task<List<StoredRow>> ByIdAsync(Session session, IReadOnlyCollection<string> ids)
    {
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        var rows = await ByFinderAsync(session, wanted, [.. wanted.Select(LogKey.FinderOf).OfType<long>()]);
        var missing = wanted.Except(rows.Select(row => row.Id), StringComparer.Ordinal).ToList();
        if (missing.Count > 0 && await RowReader.ExtentAsync(session) is { } extent)
        {
            var finders = new List<long>();
            for (var day = LogKey.At(extent.To - 1); day > LogKey.At(extent.From) - Level.Day.Width(); day -= Level.Day.Width())
            {
                finders.AddRange(missing.Select(id => LogKey.FinderIn(day, id)));
            }

            rows.AddRange(await ByFinderAsync(session, wanted, finders));
        }

        return [.. rows.OrderByDescending(row => row.Key)];
    }

    private static async Task<List<StoredRow>> ByFinderAsync(Session session, HashSet<string> wanted, List<long> finders)
    {
        var rows = new List<StoredRow>();
        foreach (var some in finders.Chunk(AtOnce))
        {
            rows.AddRange(
                await session.QueryAsync(
                    $"SELECT {StoredRow.Columns} FROM log_rows WHERE finder IN ({string.Join(",", some)}) ORDER BY key DESC",
                    StoredRow.Read
                )
            );
        }

        return rows.FindAll(row => wanted.Contains(row.Id));
    }
}
