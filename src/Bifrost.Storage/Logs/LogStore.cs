using System.Runtime.CompilerServices;
using System.Text;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Queries;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs;

/// <summary>
/// The request log in SQLite (a file of its own) or PostgreSQL. Dimensions are numbers, rows lie in the order of time, and sums by minute, hour and day are
/// added to in the transaction that writes the rows. Every question about sums and every page goes through the sums first.
/// </summary>
public sealed class LogStore : ILogStore, IAsyncDisposable
{
    private const int RowsAtOnce = 1000;

    private readonly LogDatabase _database;
    private readonly LogCatalog _catalog;
    private readonly RollupWriter _rollups;
    private readonly LogRemoval _removal;
    private readonly LogRepricing _repricing;

    private LogStore(LogDatabase database, LogStoreOptions options, TimeProvider clock)
    {
        _database = database;
        _catalog = new LogCatalog(database, options);
        _rollups = new RollupWriter(database, _catalog, options, clock);
        _removal = new LogRemoval(database, _catalog, _rollups);
        _repricing = new LogRepricing(database, _catalog, _rollups);
    }

    /// <summary><c>SQLite</c> or <c>PostgreSQL</c>.</summary>
    public string Kind => _database.Name;

    /// <param name="settings">Which database. SQLite: not the file of the settings.</param>
    /// <param name="options">How long sums are kept.</param>
    /// <param name="clock">Says how old they are.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="LogStoreUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="StoreOpenException">It must not be used as things are.</exception>
    public static async Task<LogStore> OpenAsync(
        StoreSettings settings,
        LogStoreOptions options,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var database = LogDatabase.Of(settings);
        try
        {
            await new LogSchema(database).ToNewestAsync(cancel);
            return new LogStore(database, options, clock);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the log's schema to that of another version, forward or back. Going back drops what the older version does not know.</summary>
    /// <param name="settings">Which database. No gateway may be using it.</param>
    /// <param name="version">0 is no log at all.</param>
    /// <param name="cancel">Stops it; then nothing has changed.</param>
    public static async Task MigrateAsync(StoreSettings settings, int version, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, LogSchema.Newest);
        await using var database = LogDatabase.Of(settings);
        await new LogSchema(database).ToAsync(version, cancel);
    }

    public async Task AppendAsync(IReadOnlyList<LogRow> rows, IReadOnlyList<LogPayload> payloads, CancellationToken cancel)
    {
        var byId = new Dictionary<string, LogRow>(rows.Count);
        foreach (var row in rows)
        {
            byId.TryAdd(row.Id, row);
        }

        if (byId.Count == 0)
        {
            return;
        }

        await _catalog.InternAsync(rows, cancel);
        await _database.MakeRoomAsync(byId.Values.Select(row => row.At).ToList(), cancel);
        var touched = await _database.WriteAsync(
            async session =>
            {
                var fresh = await _database.InsertRowsAsync(session, byId.Values.Select(row => StoredRow.Of(row, _catalog)).ToList());
                var changes = new RollupChanges();
                var keys = new Dictionary<string, long>(fresh.Count);
                foreach (var row in fresh)
                {
                    changes.Of(row.At, row.Tuple).Add(row, 1, _catalog.StatusOf(row.Tuple));
                    keys[row.Id] = row.Key;
                }

                await _database.BulkAsync(session, "log_metadata", ["pair", "key"], LogDetail.Pairs(fresh));
                await _database.InsertPayloadsAsync(
                    session,
                    payloads
                        .DistinctBy(payload => payload.Id)
                        .Where(payload => keys.ContainsKey(payload.Id))
                        .Select(payload => LogPayloads.Pack(keys[payload.Id], payload))
                        .ToList()
                );
                return await _rollups.WriteAsync(session, changes);
            },
            cancel
        );
        await _rollups.MergeWhenAbleAsync(touched, cancel);
    }

    public async Task<LogPage> PageAsync(LogPageQuery query, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 1000);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset);
        return await ReadAsync(
            async session =>
            {
                var (rows, next) = await Pages.ReadAsync(_database, _catalog, session, query);
                return new LogPage(rows.ConvertAll(Show), next);
            },
            cancel
        );
    }

    public async Task<long> CountAsync(LogFilter filter, long most, CancellationToken cancel) =>
        (await CountAsync(filter, most, Timeout.InfiniteTimeSpan, cancel)).Rows;

    public async Task<LogCount> CountAsync(LogFilter filter, long most, TimeSpan within, CancellationToken cancel)
    {
        long count = 0;
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        hurry.CancelAfter(within);
        try
        {
            await ReadAsync(
                async session =>
                {
                    await foreach (var some in new Counting(_database, _catalog, session).OfAsync(filter, most))
                    {
                        count += some;
                    }

                    return true;
                },
                hurry.Token
            );
            return new LogCount(Math.Min(most, count), count < most);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // So many there are, at least.
            return new LogCount(Math.Min(most, count), IsExact: false);
        }
    }

    public async Task<IReadOnlyList<LogBucket>> AggregateAsync(LogAggregateQuery query, CancellationToken cancel)
    {
        if (query.BucketSeconds is { } seconds && (seconds < 60 || seconds % 60 != 0))
        {
            throw new ArgumentException("Buckets are whole minutes.", nameof(query));
        }

        return await ReadAsync(session => new Aggregation(_database, _catalog, session, query).RunAsync(), cancel);
    }

    public Task<IReadOnlyList<string>> DistinctAsync(LogDimension dimension, LogFilter filter, int limit, CancellationToken cancel) =>
        ReadAsync(session => new ValueLists(_database, _catalog, session).OfAsync(dimension, filter, limit), cancel);

    /// <summary>From the newest 10,000 rows that match.</summary>
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> MetadataAsync(LogFilter filter, int limit, CancellationToken cancel) =>
        ReadAsync(session => new ValueLists(_database, _catalog, session).OfMetadataAsync(filter, limit), cancel);

    public Task<LogRow?> FindAsync(string id, CancellationToken cancel) =>
        ReadAsync(async session => (await Finding.ByIdAsync(session, [id])).Select(Show).FirstOrDefault(), cancel);

    public async Task<LogPayload?> PayloadAsync(string id, CancellationToken cancel) =>
        await PayloadsAsync([id], cancel) is [var payload, ..] ? payload : null;

    public Task<IReadOnlyList<LogPayload>> PayloadsAsync(IReadOnlyList<string> ids, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<LogPayload>>(
            async session =>
            {
                var rows = (await Finding.ByIdAsync(session, ids)).ToDictionary(row => row.Key);
                if (rows.Count == 0)
                {
                    return [];
                }

                var found = await session.QueryAsync(
                    $"SELECT key, flags, body FROM log_payloads WHERE key IN ({string.Join(",", rows.Keys)}) ORDER BY key DESC",
                    reader => LogPayloads.Unpack(rows[reader.GetInt64(0)], reader.GetInt32(1), reader.GetFieldValue<byte[]>(2))
                );
                // An id may have been given twice, on different days: the newest is meant.
                return [.. found.DistinctBy(static payload => payload.Id)];
            },
            cancel
        );

    public async IAsyncEnumerable<LogRow> ReadAsync(LogFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Page by page: whoever reads slowly must not hold a transaction open.
        string? after = null;
        do
        {
            var page = await PageAsync(new LogPageQuery(filter, LogSort.Time, false, RowsAtOnce, after), cancel);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            after = page.Next;
        } while (after is not null);
    }

    public Task<int> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancel) => _removal.DeleteAsync(ids, cancel);

    public Task RepriceAsync(IReadOnlyList<RepricedRow> rows, CancellationToken cancel) => _repricing.RepriceAsync(rows, cancel);

    public Task<long> RetainAsync(LogRetention retention, CancellationToken cancel) => _removal.RetainAsync(retention, cancel);

    public Task PingAsync(CancellationToken cancel) => _database.ReadAsync(session => session.ScalarAsync("SELECT 1"), cancel);

    public async Task<IReadOnlySet<string>> KnownAsync(IReadOnlyList<LogRow> rows, CancellationToken cancel)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var day = Level.Day.Width();
        var minute = Level.Minute.Width();
        foreach (var some in rows.Chunk(RowsAtOnce / 4))
        {
            var finders = some.SelectMany(row =>
                    new[] { row.At - day, row.At, row.At + minute }
                        .Select(at => LogKey.FinderIn(at, row.Id))
                        .Append(LogKey.Finder(row.At, row.Id))
                )
                .Distinct();
            // Where days are tables of their own, most need not be looked at.
            var days = _database.IsShared
                ? $"key >= {LogKey.First(some.Min(row => row.At) - day)} AND key < {LogKey.First(some.Max(row => row.At) + minute)} AND "
                : "";
            var sql = $"SELECT id FROM log_rows WHERE {days}finder IN ({string.Join(",", finders)})";
            var there = await _database.ReadAsync(
                session => session.QueryAsync(sql, reader => Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0))),
                cancel
            );
            known.UnionWith(there);
        }

        known.IntersectWith(rows.Select(row => row.Id));
        return known;
    }

    public Task<long?> MarkAsync(string name, CancellationToken cancel) =>
        _database.ReadAsync(
            async session => await session.ScalarAsync("SELECT moment FROM log_marks WHERE name = @name", ("@name", name)) as long?,
            cancel
        );

    public Task SetMarkAsync(string name, long moment, CancellationToken cancel) =>
        _database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "INSERT INTO log_marks (name, moment) VALUES (@name, @moment) ON CONFLICT (name) DO UPDATE SET moment = excluded.moment",
                    ("@name", name),
                    ("@moment", moment)
                ),
            cancel
        );

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _catalog.Dispose();
        _rollups.Dispose();
    }

    private Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) =>
        _database.ReadAsync(
            async session =>
            {
                await _catalog.RefreshAsync(session);
                return await work(session);
            },
            cancel
        );

    private LogRow Show(StoredRow row) => LogDetail.Read(row, _catalog);
}
