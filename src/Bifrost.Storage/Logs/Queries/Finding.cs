using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Rows of which only the id is known.</summary>
internal static class Finding
{
    private const int AtOnce = 1000;

    /// <summary>The newest first. An id alone does not say its day, so all days there are are asked.</summary>
    public static async Task<List<StoredRow>> ByIdAsync(Session session, IReadOnlyCollection<string> ids)
    {
        if (await RowReader.ExtentAsync(session) is not { } extent)
        {
            return [];
        }

        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        var finders = new List<long>();
        for (var day = LogKey.At(extent.To - 1); day > LogKey.At(extent.From) - Level.Day.Width(); day -= Level.Day.Width())
        {
            finders.AddRange(wanted.Select(id => LogKey.Finder(day, id)));
        }

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

        return rows.Where(row => wanted.Contains(row.Id)).ToList();
    }
}
