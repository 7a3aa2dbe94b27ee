using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Rows by key, in order.</summary>
internal static class RowReader
{
    public const int MostKeys = 1000;

    /// <summary>From a key to before another.</summary>
    /// <param name="session">Where.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="descending">The newest first.</param>
    /// <param name="limit">At most.</param>
    /// <param name="also">More conditions, each after AND.</param>
    /// <param name="columns">Which.</param>
    public static Task<List<StoredRow>> RangeAsync(
        Session session,
        long from,
        long to,
        bool descending,
        int limit,
        string also = "",
        string columns = StoredRow.Columns
    ) =>
        session.QueryAsync(
            $"""
            SELECT {columns} FROM log_rows WHERE key >= @from AND key < @to{also}
            ORDER BY key {(descending ? "DESC" : "ASC")} LIMIT @limit
            """,
            StoredRow.Read,
            ("@from", from),
            ("@to", to),
            ("@limit", limit)
        );

    /// <summary>As <see cref="RangeAsync"/>, where an index has all that the conditions ask for: only rows that come back are gone to, by key, and no planner
    /// has to see that.</summary>
    /// <param name="session">Where.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="descending">The newest first.</param>
    /// <param name="limit">At most.</param>
    /// <param name="also">More conditions, each after AND.</param>
    /// <param name="columns">Which.</param>
    /// <param name="byKey">The index begins with the key. Otherwise nobody may walk along the keys, hoping to find enough before long: a planner with old
    /// statistics does, for half a minute.</param>
    public static async Task<List<StoredRow>> IndexedAsync(
        Session session,
        long from,
        long to,
        bool descending,
        int limit,
        string also,
        string columns,
        bool byKey
    )
    {
        var order = $"{(byKey ? "key" : "key + 0")} {(descending ? "DESC" : "ASC")}";
        var keys = await session.QueryAsync(
            $"SELECT key FROM log_rows WHERE key >= @from AND key < @to{also} ORDER BY {order} LIMIT @limit",
            reader => reader.GetInt64(0),
            ("@from", from),
            ("@to", to),
            ("@limit", limit)
        );
        var rows = await ByKeyAsync(session, keys, columns: columns);
        return keys.ConvertAll(key => rows[key]);
    }

    /// <summary>In the order of their keys; those that are not there are left out.</summary>
    /// <param name="session">Where.</param>
    /// <param name="keys">Which.</param>
    /// <param name="also">More conditions, each after AND.</param>
    /// <param name="columns">Of each.</param>
    public static async Task<Dictionary<long, StoredRow>> ByKeyAsync(
        Session session,
        IReadOnlyCollection<long> keys,
        string also = "",
        string columns = StoredRow.Columns
    )
    {
        var rows = new Dictionary<long, StoredRow>(keys.Count);
        foreach (var some in keys.Chunk(MostKeys))
        {
            foreach (
                var row in await session.QueryAsync(
                    $"SELECT {columns} FROM log_rows WHERE key IN ({string.Join(",", some)}){also}",
                    StoredRow.Read
                )
            )
            {
                rows[row.Key] = row;
            }
        }

        return rows;
    }

    /// <summary>The first key and one after the last, or null in an empty log.</summary>
    public static async Task<(long From, long To)?> ExtentAsync(Session session) =>
        await session.ScalarAsync("SELECT min(key) FROM log_rows") is long first
        && await session.ScalarAsync("SELECT max(key) FROM log_rows") is long last
            ? (first, last + 1)
            : null;
}
