using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Keys of the rows that words or metadata find, the newest first, and of each the value it is sorted by.</summary>
/// <param name="database">Knows how texts are searched for.</param>
/// <param name="session">Where; all is seen as of one moment.</param>
/// <param name="match">Which rows.</param>
/// <param name="sort">Not time.</param>
internal sealed class FoundValues(LogDatabase database, Session session, RowMatch match, LogSort sort)
{
    // Where rows are asked for that stand close together: so many times as many are read, before each is gone to by its key.
    private const int Sparse = 4;

    private const int KeysAtOnce = 8192;

    /// <summary>The index of words or metadata alone decides, but for what stands in columns.</summary>
    public bool AreKnownByIndex => !match.AsksDimensions && (match.AsksText ? match.Metadata.Count == 0 : match.Metadata.Count == 1);

    /// <summary>Whole rows are looked at.</summary>
    public async IAsyncEnumerable<(long Key, long Value)> ReadAsync()
    {
        var columns = match.Metadata.Count > 0 ? StoredRow.Columns : StoredRow.NumberColumns;
        await foreach (var row in new TimeWalk(database, session, match, descending: true, Pages.SortedAtMost, columns).RowsAsync(null))
        {
            yield return (row.Key, Bounds.Value(sort, row.Latency, row.Tokens, row.Cost));
        }
    }

    /// <summary>Only the index and the value are.</summary>
    public async IAsyncEnumerable<(long Key, long Value)> NewestAsync()
    {
        if ((match.AsksText && match.Words.Count == 0) || await RowReader.ExtentAsync(session) is not { } extent)
        {
            yield break;
        }

        var walk = new TimeWalk(database, session, match, descending: true, Pages.SortedAtMost);
        var (from, to) = (Math.Max(match.FirstKey, extent.From), Math.Min(match.EndKey, extent.To));
        await foreach (var keys in walk.KeysAsync(from, to, KeysAtOnce))
        {
            var values = (match.AsksText ? await AlongAsync(keys) : null) ?? await ByKeyAsync(keys);
            foreach (var key in keys)
            {
                if (values.TryGetValue(key, out var value))
                {
                    yield return (key, value);
                }
            }
        }
    }

    /// <summary>Those of all rows with content in between, from their index; null: there are too many others.</summary>
    private async Task<Dictionary<long, long>?> AlongAsync(List<long> keys)
    {
        var values = await ReadAsync($"key BETWEEN {keys[^1]} AND {keys[0]}{match.Sql} ORDER BY key LIMIT {keys.Count * Sparse}");
        return values.Count < keys.Count * Sparse ? values : null;
    }

    private Task<Dictionary<long, long>> ByKeyAsync(List<long> keys) =>
        ReadAsync($"{database.KeysSql(keys)} AND key BETWEEN {keys[^1]} AND {keys[0]}{match.Sql}");

    private async Task<Dictionary<long, long>> ReadAsync(string where)
    {
        var values = new Dictionary<long, long>();
        await session.EachAsync(
            $"SELECT key, {Bounds.Sql(sort)} FROM log_rows WHERE {where}",
            reader => values[reader.GetInt64(0)] = reader.GetInt64(1)
        );
        return values;
    }
}
