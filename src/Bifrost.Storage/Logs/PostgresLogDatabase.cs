using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Bifrost.Storage.Databases;
using Npgsql;
using NpgsqlTypes;

namespace Bifrost.Storage.Logs;

/// <summary>A PostgreSQL server, shared with other gateways perhaps. Rows, payloads and metadata have a partition for each day, which goes whole.</summary>
internal sealed class PostgresLogDatabase : LogDatabase
{
    // Our own number among the server's advisory locks: "BIFLOGS" in ASCII.
    private const long AloneLock = 0x42_49_46_4C_4F_47_53;
    private const int DaysAhead = 2;
    private const int RemoveTries = 100;
    private const string LockNotAvailable = "55P03";
    private const string NoPartition = "23514";
    private const string UniqueViolation = "23505";

    private static readonly string[] Partitioned = ["log_rows", "log_payloads", "log_metadata"];

    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<long, bool> _days = new();

    public PostgresLogDatabase(PostgresSettings settings)
        : base(settings.Patience)
    {
        var seconds = (int)Patience.TotalSeconds;
        var connection = new NpgsqlConnectionStringBuilder(settings.Connection)
        {
            Timeout = seconds,
            CommandTimeout = seconds,
            CancellationTimeout = 1000,
            KeepAlive = 30,
            MaxPoolSize = Math.Max(1, settings.MaxOpenConnections),
            MinPoolSize = Math.Clamp(settings.MaxIdleConnections, 0, Math.Max(1, settings.MaxOpenConnections)),
            ApplicationName = "bifrost-log",
        };
        // Compiling a statement takes longer than any of ours does.
        connection.Options = $"{connection.Options} -c jit=off".TrimStart();
        _source = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString)
            .EnableArrays()
            .EnableTransportSecurity()
            .EnableIntegratedSecurity()
            .Build();
    }

    public override string Name => "PostgreSQL";

    public override bool IsShared => true;

    public override async Task BulkAsync(Session session, string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var connection = (NpgsqlConnection)session.Connection;
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)",
            session.Cancel
        );
        var types = TypesOf(table, columns);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(session.Cancel);
            for (var at = 0; at < row.Length; at++)
            {
                switch (row[at])
                {
                    case null:
                        await copy.WriteNullAsync(session.Cancel);
                        break;
                    case long or int when types[at] == NpgsqlDbType.Bigint:
                        await copy.WriteAsync(Convert.ToInt64(row[at], CultureInfo.InvariantCulture), NpgsqlDbType.Bigint, session.Cancel);
                        break;
                    case int number:
                        await copy.WriteAsync(number, NpgsqlDbType.Integer, session.Cancel);
                        break;
                    case string text:
                        await copy.WriteAsync(text, NpgsqlDbType.Text, session.Cancel);
                        break;
                    case byte[] bytes:
                        await copy.WriteAsync(bytes, NpgsqlDbType.Bytea, session.Cancel);
                        break;
                    case var other:
                        throw new InvalidOperationException($"The column {columns[at]} is given a {other.GetType().Name}.");
                }
            }
        }

        await copy.CompleteAsync(session.Cancel);
    }

    public override async Task<List<StoredRow>> InsertRowsAsync(Session session, IReadOnlyList<StoredRow> rows)
    {
        var from = rows.Min(row => LogKey.First(row.At));
        var to = rows.Max(row => LogKey.First(row.At)) + LogKey.Slots;
        var there = await session.QueryAsync(
            "SELECT id FROM log_rows WHERE key >= @from AND key < @to AND finder = ANY(@finders)",
            reader => Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0)),
            ("@from", from),
            ("@to", to),
            ("@finders", rows.Select(row => LogKey.Finder(row.At, row.Id)).ToArray())
        );
        var known = there.ToHashSet(StringComparer.Ordinal);
        var fresh = rows.Where(row => !known.Contains(row.Id)).ToList();
        await FreeKeysAsync(session, fresh);
        await BulkAsync(session, "log_rows", StoredRow.Columns.Split(", "), fresh.ConvertAll(row => row.Values()));
        return fresh;
    }

    public override Task InsertPayloadsAsync(Session session, IReadOnlyList<(long Key, int Flags, byte[] Body, string Words)> payloads) =>
        payloads.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                """
                INSERT INTO log_payloads (key, flags, body, search)
                SELECT key, flags, body, to_tsvector('simple', words)
                FROM unnest(@keys, @flags, @bodies, @words) AS payload (key, flags, body, words)
                """,
                ("@keys", payloads.Select(payload => payload.Key).ToArray()),
                ("@flags", payloads.Select(payload => payload.Flags).ToArray()),
                ("@bodies", payloads.Select(payload => payload.Body).ToArray()),
                ("@words", payloads.Select(payload => payload.Words).ToArray())
            );

    // They are part of the payload.
    public override Task DeleteWordsAsync(Session session, IReadOnlyList<long> keys) => Task.CompletedTask;

    public override string TextSql(bool descending) =>
        "SELECT key FROM log_payloads WHERE search @@ plainto_tsquery('simple', @words) AND key >= @from AND key < @to ORDER BY key "
        + (descending ? "DESC" : "ASC")
        + " LIMIT @limit";

    public override string TextAmongSql(string keys) =>
        $"SELECT key FROM log_payloads WHERE search @@ plainto_tsquery('simple', @words) AND key IN ({keys})";

    // Where the planner does not see the keys it does not weigh each: that takes longer than finding them.
    public override string KeysSql(IEnumerable<long> keys) => $"key = ANY(ARRAY(SELECT unnest('{{{string.Join(",", keys)}}}'::bigint[])))";

    public override string TextQuery(IReadOnlyList<string> words) => string.Join(' ', words);

    public override async Task MakeRoomAsync(IReadOnlyCollection<long> moments, CancellationToken cancel)
    {
        var days = moments.Select(LogKey.FloorDay).Distinct().ToList();
        var missing = days.Where(day => !_days.ContainsKey(day)).ToHashSet();
        if (missing.Count == 0)
        {
            return;
        }

        missing.UnionWith(Enumerable.Range(1, DaysAhead).Select(ahead => days.Max() + ahead));
        await AloneAsync(
            async session =>
            {
                var there = await DaysAsync(session);
                foreach (var day in missing.Except(there).Order())
                {
                    foreach (var table in Partitioned)
                    {
                        var (from, to) = RangeOf(day);
                        // Made beside and then joined: readers and writers of the other days go on.
                        await session.ExecuteAsync(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"""
                                CREATE TABLE {PartitionOf(table, day)} (LIKE {table} INCLUDING ALL);
                                ALTER TABLE {table} ATTACH PARTITION {PartitionOf(table, day)} FOR VALUES FROM ({from}) TO ({to})
                                """
                            )
                        );
                    }
                }

                return true;
            },
            cancel
        );
        foreach (var day in missing)
        {
            _days[day] = true;
        }
    }

    public override async Task<long> RemoveBeforeAsync(long key, bool payloadsOnly, CancellationToken cancel)
    {
        long removed = 0;
        foreach (var day in await ReadAsync(DaysAsync, cancel))
        {
            // Whole days only: the day that the limit falls into goes when it is over.
            if (RangeOf(day).To <= key)
            {
                removed += await RemoveDayAsync(day, payloadsOnly, cancel);
            }
        }

        return removed;
    }

    public override Task<long> BytesAsync(CancellationToken cancel) =>
        ReadAsync(
            async session =>
                Convert.ToInt64(
                    await session.ScalarAsync(
                        """
                        SELECT COALESCE(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits
                        WHERE inhparent IN ('log_rows'::regclass, 'log_payloads'::regclass, 'log_metadata'::regclass)
                        """
                    ),
                    CultureInfo.InvariantCulture
                ),
            cancel
        );

    // Partitions give their room back when they go.
    public override Task ShrinkAsync(CancellationToken cancel) => Task.CompletedTask;

    public override async Task<bool> HasTableAsync(Session session, string table) =>
        await session.ScalarAsync("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = @table", ("@table", table))
            is not null;

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override async Task<T> InReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var result = await work(new Session(connection, transaction, Patience, cancel));
        await transaction.CommitAsync(cancel);
        return result;
    }

    protected override async Task<T> InWriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                var result = await work(new Session(connection, transaction, Patience, cancel));
                await transaction.CommitAsync(cancel);
                return result;
            }
            catch (PostgresException problem) when (problem.SqlState == UniqueViolation && attempt < 3)
            {
                // Another gateway took the same slot, or wrote the same row, at the same moment. Now it can be seen.
            }
            catch (PostgresException problem) when (problem.SqlState == NoPartition)
            {
                // Another gateway has dropped that day; with the next attempt it is made again.
                _days.Clear();
                throw;
            }
        }
    }

    // Given back with the transaction, also when the connection is lost.
    protected override Task LockAsync(Session session) => session.ExecuteAsync("SELECT pg_advisory_xact_lock(@lock)", ("@lock", AloneLock));

    // https://www.postgresql.org/docs/15/errcodes-appendix.html, as for the control plane.
    protected override bool IsOutage(DbException problem) =>
        problem is PostgresException { SqlState: var state }
            ? state == NoPartition || state[..2] is "08" or "40" or "53" or "54" or "55" or "57" or "58" or "28" or "3D" or "25"
            : problem is NpgsqlException;

    private static async Task FreeKeysAsync(Session session, List<StoredRow> rows)
    {
        var taken = new HashSet<long>();
        for (var open = rows; open.Count > 0; )
        {
            foreach (var row in open)
            {
                for (var slot = 0; !taken.Add(row.Key); slot++)
                {
                    if (slot == LogKey.Slots)
                    {
                        throw new InvalidOperationException("More rows than there is room for have come in one microsecond.");
                    }

                    row.Key = LogKey.Next(row.Key);
                }
            }

            var there = (
                await session.QueryAsync(
                    "SELECT key FROM log_rows WHERE key = ANY(@keys)",
                    reader => reader.GetInt64(0),
                    ("@keys", open.Select(row => row.Key).ToArray())
                )
            ).ToHashSet();
            open = open.Where(row => there.Contains(row.Key)).ToList();
        }
    }

    private async Task<long> RemoveDayAsync(long day, bool payloadsOnly, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteAsync(session => RemoveDayAsync(session, day, payloadsOnly), cancel);
            }
            catch (Observability.Stores.LogStoreUnavailableException problem)
                when (problem.InnerException is PostgresException { SqlState: LockNotAvailable } && attempt < RemoveTries)
            {
                // Somebody is reading. Writers queue behind whoever waits for a table, so nobody may wait for long.
                await Task.Delay(100, cancel);
            }
        }
    }

    private async Task<long> RemoveDayAsync(Session session, long day, bool payloadsOnly)
    {
        await session.ExecuteAsync("SET LOCAL lock_timeout = '40ms'");
        if (payloadsOnly)
        {
            if (await session.ScalarAsync($"SELECT 1 FROM {PartitionOf("log_payloads", day)} LIMIT 1") is not null)
            {
                await session.ExecuteAsync($"TRUNCATE {PartitionOf("log_payloads", day)}");
                await session.ExecuteAsync($"UPDATE {PartitionOf("log_rows", day)} SET flags = flags & ~2 WHERE flags & 2 <> 0");
            }

            return 0;
        }

        var rows = Convert.ToInt64(
            await session.ScalarAsync($"SELECT count(*) FROM {PartitionOf("log_rows", day)}"),
            CultureInfo.InvariantCulture
        );
        foreach (var table in Partitioned)
        {
            await session.ExecuteAsync(
                $"ALTER TABLE {table} DETACH PARTITION {PartitionOf(table, day)}; DROP TABLE {PartitionOf(table, day)}"
            );
        }

        _days.TryRemove(day, out _);
        return rows;
    }

    private static Task<List<long>> DaysAsync(Session session) =>
        session.QueryAsync(
            """
            SELECT substr(child.relname, length('log_rows_') + 1)::bigint FROM pg_inherits
            JOIN pg_class AS child ON child.oid = inhrelid WHERE inhparent = 'log_rows'::regclass ORDER BY 1
            """,
            reader => reader.GetInt64(0)
        );

    // Days before 1970 would have a sign in their name; PostgreSQL takes it in quotes.
    private static string PartitionOf(string table, long day) => string.Create(CultureInfo.InvariantCulture, $"\"{table}_{day}\"");

    private static (long From, long To) RangeOf(long day) => (LogKey.First(day * 86_400_000_000), LogKey.First((day + 1) * 86_400_000_000));

    private static NpgsqlDbType[] TypesOf(string table, IReadOnlyList<string> columns) =>
        columns
            .Select(column =>
                column
                    is "key"
                        or "pair"
                        or "finder"
                        or "latency"
                        or "first_byte"
                        or "input"
                        or "output"
                        or "cached_read"
                        or "reasoning"
                        or "cost"
                        or "bucket"
                    ? NpgsqlDbType.Bigint
                : column == "id" && table == "log_rows" ? NpgsqlDbType.Bytea
                : NpgsqlDbType.Integer
            )
            .ToArray();
}
