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
    private const int MetadataSample = 10_000;
    private const int DistinctSample = 100_000;

    private readonly LogDatabase _database;
    private readonly LogCatalog _catalog;
    private readonly RollupWriter _rollups;

    private LogStore(LogDatabase database, LogStoreOptions options, TimeProvider clock)
    {
        _database = database;
        _catalog = new LogCatalog(database);
        _rollups = new RollupWriter(database, _catalog, options, clock);
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
                var fresh = await _database.InsertRowsAsync(session, byId.Values.Select(Store).ToList());
                var changes = new RollupChanges();
                var keys = new Dictionary<string, long>(fresh.Count);
                foreach (var row in fresh)
                {
                    changes.Of(row.At, row.Tuple).Add(row, 1, _catalog.StatusOf(row.Tuple));
                    keys[row.Id] = row.Key;
                }

                await _database.BulkAsync(session, "log_metadata", ["pair", "key"], PairsOf(fresh));
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
        await MergeAsync(touched, cancel);
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

    public Task<long> CountAsync(LogFilter filter, long most, CancellationToken cancel) =>
        ReadAsync(
            async session =>
            {
                var match = new RowMatch(filter, _catalog);
                if (await RowReader.ExtentAsync(session) is not { } extent)
                {
                    return 0;
                }

                if (match.IsPlain)
                {
                    // Sums live longer than rows, and here rows are asked for.
                    var kept = filter with
                    {
                        From = Math.Max(match.From, LogKey.At(extent.From)),
                    };
                    var counts = await new Aggregation(_database, _catalog, session, new LogAggregateQuery(kept, null, null)).CountsAsync();
                    return Math.Min(most, counts.Values.Sum());
                }

                long count = 0;
                await foreach (var _ in new TimeWalk(_database, session, match, descending: true, most).RowsAsync(null))
                {
                    if (++count >= most)
                    {
                        break;
                    }
                }

                return count;
            },
            cancel
        );

    public async Task<IReadOnlyList<LogBucket>> AggregateAsync(LogAggregateQuery query, CancellationToken cancel)
    {
        if (query.BucketSeconds is { } seconds && (seconds < 60 || seconds % 60 != 0))
        {
            throw new ArgumentException("Buckets are whole minutes.", nameof(query));
        }

        return await ReadAsync(session => new Aggregation(_database, _catalog, session, query).RunAsync(), cancel);
    }

    public async Task<IReadOnlyList<string>> DistinctAsync(LogDimension dimension, LogFilter filter, int limit, CancellationToken cancel) =>
        await ReadAsync(
            async session =>
            {
                var counts = filter.IsPlain
                    ? await new Aggregation(_database, _catalog, session, new LogAggregateQuery(filter, null, dimension)).CountsAsync()
                    : await SampleAsync(session, dimension, filter);
                return counts
                    .Where(count => count is { Key: not 0, Value: > 0 })
                    .OrderByDescending(count => count.Value)
                    .ThenBy(count => _catalog.Text(count.Key), StringComparer.Ordinal)
                    .Take(limit)
                    .Select(count => _catalog.Text(count.Key))
                    .ToList();
            },
            cancel
        );

    /// <summary>From the newest 10,000 rows that match.</summary>
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> MetadataAsync(
        LogFilter filter,
        int limit,
        CancellationToken cancel
    ) =>
        await ReadAsync(
            async session =>
            {
                var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
                var seen = 0;
                var walk = new TimeWalk(_database, session, new RowMatch(filter, _catalog), descending: true, MetadataSample);
                await foreach (var row in walk.RowsAsync(null))
                {
                    foreach (var (name, value) in LogDetail.MetadataOf(row.Detail))
                    {
                        counts.TryAdd(name, new Dictionary<string, int>(StringComparer.Ordinal));
                        counts[name][value] = counts[name].GetValueOrDefault(value) + 1;
                    }

                    if (++seen == MetadataSample)
                    {
                        break;
                    }
                }

                return counts.ToDictionary(
                    name => name.Key,
                    name =>
                        (IReadOnlyList<string>)
                            name
                                .Value.OrderByDescending(value => value.Value)
                                .ThenBy(value => value.Key, StringComparer.Ordinal)
                                .Take(limit)
                                .Select(value => value.Key)
                                .ToList()
                );
            },
            cancel
        );

    public Task<LogRow?> FindAsync(string id, CancellationToken cancel) =>
        ReadAsync(async session => (await FindAsync(session, [id])).Select(Show).FirstOrDefault(), cancel);

    public Task<LogPayload?> PayloadAsync(string id, CancellationToken cancel) =>
        ReadAsync(
            async session =>
            {
                foreach (var row in await FindAsync(session, [id]))
                {
                    var found = await session.QueryAsync(
                        "SELECT flags, body FROM log_payloads WHERE key = @key",
                        reader => LogPayloads.Unpack(row, reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)),
                        ("@key", row.Key)
                    );
                    if (found.Count > 0)
                    {
                        return found[0];
                    }
                }

                return null;
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

    public async Task<int> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var removed = 0;
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(RowsAtOnce))
        {
            var (count, touched) = await _database.WriteAsync(session => DeleteAsync(session, some), cancel);
            removed += count;
            await MergeAsync(touched, cancel);
        }

        return removed;
    }

    public async Task RepriceAsync(IReadOnlyList<RepricedRow> rows, CancellationToken cancel)
    {
        foreach (var some in rows.Chunk(RowsAtOnce))
        {
            await _catalog.InternAsync(
                [
                    .. some.Select(row => new LogRow
                    {
                        Id = row.Id,
                        At = 0,
                        Operation = "",
                        Status = LogStatus.Success,
                        PriceVersion = row.PriceVersion,
                    }),
                ],
                cancel
            );
            await MergeAsync(await _database.WriteAsync(session => RepriceAsync(session, some), cancel), cancel);
        }
    }

    public async Task<long> RetainAsync(LogRetention retention, CancellationToken cancel)
    {
        var removed = await _database.RemoveBeforeAsync(LogKey.First(retention.RowsBefore), payloadsOnly: false, cancel);
        await _database.RemoveBeforeAsync(LogKey.First(retention.PayloadsBefore), payloadsOnly: true, cancel);
        removed += retention.MaxBytes is { } most ? await RemoveToAsync(most, cancel) : 0;
        await _rollups.RetainAsync(cancel);
        await _rollups.MergeAllAsync(cancel);
        await _database.ShrinkAsync(cancel);
        return removed;
    }

    public Task PingAsync(CancellationToken cancel) => _database.ReadAsync(session => session.ScalarAsync("SELECT 1"), cancel);

    public async Task<IReadOnlySet<string>> KnownAsync(IReadOnlyList<LogRow> rows, CancellationToken cancel)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var day = Level.Day.Width();
        var minute = Level.Minute.Width();
        foreach (var some in rows.Chunk(RowsAtOnce / 2))
        {
            var finders = some.SelectMany(row => new[] { row.At - day, row.At, row.At + minute }.Select(at => LogKey.Finder(at, row.Id)))
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

    /// <summary>The rows are kept by now; a merge that has to wait is made up for by the next.</summary>
    private async Task MergeAsync(IEnumerable<(Level, long)> touched, CancellationToken cancel)
    {
        try
        {
            await _rollups.MergeAsync(touched, cancel);
        }
        catch (LogStoreUnavailableException)
        {
            // Nothing is lost but time: sums are the same merged or not, and each retention merges what was left.
        }
    }

    private async Task<Dictionary<int, long>> SampleAsync(Session session, LogDimension dimension, LogFilter filter)
    {
        var counts = new Dictionary<int, long>();
        var seen = 0;
        await foreach (var row in new TimeWalk(_database, session, new RowMatch(filter, _catalog), true, DistinctSample).RowsAsync(null))
        {
            var word = _catalog.Dimension(row.Tuple, dimension);
            counts[word] = counts.GetValueOrDefault(word) + 1;
            if (++seen == DistinctSample)
            {
                break;
            }
        }

        return counts;
    }

    /// <summary>The newest first. An id alone does not say its day, so all days there are are asked.</summary>
    private static async Task<List<StoredRow>> FindAsync(Session session, IReadOnlyCollection<string> ids)
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
        foreach (var some in finders.Chunk(RowsAtOnce))
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

    private async Task<(int Count, List<(Level, long)> Touched)> DeleteAsync(Session session, IReadOnlyCollection<string> ids)
    {
        var rows = await FindAsync(session, ids);
        if (rows.Count == 0)
        {
            return (0, []);
        }

        await _catalog.RefreshAsync(session);
        var changes = new RollupChanges();
        foreach (var row in rows)
        {
            changes.Of(row.At, row.Tuple).Add(row, -1, _catalog.StatusOf(row.Tuple));
        }

        var keys = string.Join(",", rows.Select(row => row.Key));
        foreach (var pair in PairsOf(rows))
        {
            await session.ExecuteAsync("DELETE FROM log_metadata WHERE pair = @pair AND key = @key", ("@pair", pair[0]), ("@key", pair[1]));
        }

        await _database.DeleteWordsAsync(session, rows.ConvertAll(row => row.Key));
        await session.ExecuteAsync($"DELETE FROM log_payloads WHERE key IN ({keys})");
        await session.ExecuteAsync($"DELETE FROM log_rows WHERE key IN ({keys})");
        return (rows.Count, await _rollups.WriteAsync(session, changes));
    }

    private async Task<List<(Level, long)>> RepriceAsync(Session session, IReadOnlyCollection<RepricedRow> prices)
    {
        var byId = prices.GroupBy(price => price.Id).ToDictionary(price => price.Key, price => price.Last());
        var changes = new RollupChanges();
        foreach (var row in await FindAsync(session, byId.Keys))
        {
            var price = byId[row.Id];
            var detail = LogDetail.Write(Show(row) with { PriceVersion = price.PriceVersion, CostLines = price.CostLines }, _catalog);
            await session.ExecuteAsync(
                "UPDATE log_rows SET cost = @cost, detail = @detail WHERE key = @key",
                ("@cost", price.Cost),
                ("@detail", detail),
                ("@key", row.Key)
            );
            var cell = changes.Of(row.At, row.Tuple);
            cell.AddCost(row.Cost, -1);
            cell.AddCost(price.Cost, 1);
            cell.Bounds.IncludeCost(price.Cost);
        }

        return await _rollups.WriteAsync(session, changes);
    }

    private async Task<long> RemoveToAsync(long most, CancellationToken cancel)
    {
        long removed = 0;
        while (await _database.BytesAsync(cancel) is var bytes && bytes > most)
        {
            // About the share that is too much, a day at most: then it is measured again.
            var next = await ReadAsync(
                async session =>
                {
                    if (await RowReader.ExtentAsync(session) is not { } extent)
                    {
                        return (long?)null;
                    }

                    var day = LogKey.First(Level.Day.BucketOf(LogKey.At(extent.From)) + Level.Day.Width());
                    var share =
                        extent.From + (long)((extent.To - extent.From) * Math.Min(1, (double)(bytes - most) / bytes)) + LogKey.Slots;
                    return _database.IsShared ? day : Math.Min(day, share);
                },
                cancel
            );
            var step = next is { } key ? await _database.RemoveBeforeAsync(key, payloadsOnly: false, cancel) : 0;
            removed += step;
            if (step == 0)
            {
                break;
            }
        }

        return removed;
    }

    private StoredRow Store(LogRow row) =>
        new()
        {
            Key = LogKey.Of(row.At, row.Id),
            Tuple = _catalog.Tuple(row),
            Latency = row.Latency,
            FirstByte = row.FirstByte,
            Input = row.InputTokens,
            Output = row.OutputTokens,
            CachedRead = row.CachedReadTokens,
            Reasoning = row.ReasoningTokens,
            Images = row.Images,
            Cost = row.Cost,
            Estimated = row.Estimated,
            HasPayload = row.HasPayload,
            Recovered = row.Recovered,
            Id = row.Id,
            Detail = LogDetail.Write(row, _catalog),
        };

    private LogRow Show(StoredRow row) => LogDetail.Read(row, _catalog);

    private static List<object?[]> PairsOf(IEnumerable<StoredRow> rows) =>
        rows.SelectMany(row => LogDetail.Pairs(row.Key, row.Detail)).Select(pair => new object?[] { pair.Pair, pair.Key }).ToList();
}
