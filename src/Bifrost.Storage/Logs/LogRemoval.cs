using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Queries;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs;

/// <summary>Takes rows away: some, also from the sums they are in, or all that are too old or too many, whose sums stay.</summary>
internal sealed class LogRemoval(LogDatabase database, LogCatalog catalog, RollupWriter rollups)
{
    private const int AtOnce = 1000;

    public async Task<int> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var removed = 0;
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(AtOnce))
        {
            var (count, touched) = await database.WriteAsync(session => DeleteAsync(session, some), cancel);
            removed += count;
            await rollups.MergeWhenAbleAsync(touched, cancel);
        }

        return removed;
    }

    public async Task<long> RetainAsync(LogRetention retention, CancellationToken cancel)
    {
        var removed = await database.RemoveBeforeAsync(LogKey.First(retention.RowsBefore), payloadsOnly: false, cancel);
        await database.RemoveBeforeAsync(LogKey.First(retention.PayloadsBefore), payloadsOnly: true, cancel);
        removed += retention.MaxBytes is { } most ? await RemoveToAsync(most, cancel) : 0;
        await rollups.RetainAsync(cancel);
        await rollups.MergeAllAsync(cancel);
        await database.ShrinkAsync(cancel);
        return removed;
    }

    private async Task<(int Count, List<(Level, long)> Touched)> DeleteAsync(Session session, IReadOnlyCollection<string> ids)
    {
        var rows = await Finding.ByIdAsync(session, ids);
        if (rows.Count == 0)
        {
            return (0, []);
        }

        await catalog.RefreshAsync(session);
        var changes = new RollupChanges();
        foreach (var row in rows)
        {
            changes.Of(row.At, row.Tuple).Add(row, -1, catalog.StatusOf(row.Tuple));
        }

        var keys = string.Join(",", rows.Select(row => row.Key));
        foreach (var pair in LogDetail.Pairs(rows))
        {
            await session.ExecuteAsync("DELETE FROM log_metadata WHERE pair = @pair AND key = @key", ("@pair", pair[0]), ("@key", pair[1]));
        }

        await database.DeleteWordsAsync(session, rows.ConvertAll(row => row.Key));
        await session.ExecuteAsync($"DELETE FROM log_payloads WHERE key IN ({keys})");
        await session.ExecuteAsync($"DELETE FROM log_rows WHERE key IN ({keys})");
        return (rows.Count, await rollups.WriteAsync(session, changes));
    }

    private async Task<long> RemoveToAsync(long most, CancellationToken cancel)
    {
        long removed = 0;
        while (await database.BytesAsync(cancel) is var bytes && bytes > most)
        {
            // About the share that is too much, a day at most: then it is measured again.
            var next = await database.ReadAsync(
                async session =>
                {
                    if (await RowReader.ExtentAsync(session) is not { } extent)
                    {
                        return (long?)null;
                    }

                    var day = LogKey.First(Level.Day.BucketOf(LogKey.At(extent.From)) + Level.Day.Width());
                    var share =
                        extent.From + (long)((extent.To - extent.From) * Math.Min(1, (double)(bytes - most) / bytes)) + LogKey.Slots;
                    return database.IsShared ? day : Math.Min(day, share);
                },
                cancel
            );
            var step = next is { } key ? await database.RemoveBeforeAsync(key, payloadsOnly: false, cancel) : 0;
            removed += step;
            if (step == 0)
            {
                break;
            }
        }

        return removed;
    }
}
