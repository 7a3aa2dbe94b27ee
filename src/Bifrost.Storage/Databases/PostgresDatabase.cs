using System.Data.Common;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Bifrost.Storage.Databases;

/// <summary>A PostgreSQL server, shared with other gateways perhaps. Rows in bulk go as arrays or by COPY: one journey for all.</summary>
internal sealed class PostgresDatabase : Database
{
    // Our own number among the server's advisory locks: "BIFROST" in ASCII.
    private const long AloneLock = 0x42_49_46_52_4F_53_54;

    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(PostgresSettings settings)
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
            ApplicationName = "bifrost",
        };
        _source = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString)
            .EnableArrays()
            .EnableTransportSecurity()
            .EnableIntegratedSecurity()
            .Build();
    }

    public override string Name => "PostgreSQL";

    public override async Task<List<string>> MigrationsAsync(Session session) =>
        await session.ScalarAsync(
            // Not to_regclass: that may answer from a cache filled before the wait for the lock.
            "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = '__EFMigrationsHistory'"
        )
            is not null
            ? await session.QueryAsync(
                """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY "MigrationId" """,
                reader => reader.GetString(0)
            )
            : [];

    public override object IdValue(Guid id) => id;

    public override Guid ReadId(DbDataReader reader, int column) => reader.GetGuid(column);

    public override async Task RequireAsync(Session session)
    {
        if (await session.ScalarAsync("SHOW server_encoding") is string encoding and not "UTF8")
        {
            throw new StoreOpenException(
                $"The database's encoding is {encoding}, and Bifrost needs UTF8. Make it with: CREATE DATABASE … ENCODING 'UTF8'."
            );
        }
    }

    public override async Task<JournalPosition?> LockJournalAsync(Session session, string journal)
    {
        // A row that is not there cannot be locked, so it is made; nobody else sees it before it has a real position.
        var made = await session.ExecuteAsync(
            "INSERT INTO journals (journal, segment, position) VALUES (@journal, 0, 0) ON CONFLICT (journal) DO NOTHING",
            ("@journal", journal)
        );
        var position = await session.QueryAsync(LedgerSql.Position + " FOR UPDATE", LedgerSql.ReadPosition, ("@journal", journal));
        return made > 0 ? null : position[0];
    }

    public override async Task<HashSet<Guid>> KnownHoldsAsync(Session session, IReadOnlyCollection<Guid> holds) =>
        holds.Count == 0
            ? []
            :
            [
                .. await session.QueryAsync(
                    "SELECT id FROM ledger WHERE id = ANY(@ids) UNION ALL SELECT hold_id FROM releases WHERE hold_id = ANY(@ids)",
                    reader => reader.GetGuid(0),
                    ("@ids", holds.ToArray())
                ),
            ];

    public override async Task<HashSet<Guid>> InsertLedgerAsync(Session session, IReadOnlyList<LedgerRow> rows)
    {
        var known = await KnownHoldsAsync(session, rows.Select(row => row.Id).ToList());
        if (known.Count == rows.Count)
        {
            return known;
        }

        var connection = (NpgsqlConnection)session.Connection;
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY ledger ({LedgerColumns.Names}) FROM STDIN (FORMAT BINARY)",
            session.Cancel
        );
        foreach (var row in rows.Where(row => !known.Contains(row.Id)))
        {
            await copy.StartRowAsync(session.Cancel);
            foreach (var column in LedgerColumns.All)
            {
                await (
                    (column.Type, column.Number(row), column.Text(row)) switch
                    {
                        (ColumnType.Id, _, _) => copy.WriteAsync(row.Id, NpgsqlDbType.Uuid, session.Cancel),
                        (ColumnType.Text, _, { } text) => copy.WriteAsync(text, NpgsqlDbType.Text, session.Cancel),
                        (ColumnType.Number, { } number, _) => copy.WriteAsync(number, NpgsqlDbType.Bigint, session.Cancel),
                        (ColumnType.Truth, { } truth, _) => copy.WriteAsync(truth != 0, NpgsqlDbType.Boolean, session.Cancel),
                        _ => copy.WriteNullAsync(session.Cancel),
                    }
                );
            }
        }

        await copy.CompleteAsync(session.Cancel);
        return known;
    }

    public override Task InsertReleasesAsync(Session session, string journal, long segment, IReadOnlyList<Guid> holds) =>
        holds.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                "INSERT INTO releases (hold_id, journal, segment) SELECT hold, @journal, @segment FROM unnest(@holds) AS hold",
                ("@holds", holds.ToArray()),
                ("@journal", journal),
                ("@segment", segment)
            );

    public override Task AddToCountersAsync(Session session, IReadOnlyCollection<CounterState> amounts) =>
        amounts.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                $"""
                INSERT INTO counters (meter_id, period_start, epoch, used)
                SELECT * FROM unnest(@meters, @periods, @epochs, @used) {LedgerSql.OnCounter}
                """,
                ("@meters", amounts.Select(amount => amount.MeterId).ToArray()),
                ("@periods", amounts.Select(amount => amount.PeriodStart).ToArray()),
                ("@epochs", amounts.Select(amount => amount.Epoch).ToArray()),
                ("@used", amounts.Select(amount => amount.Used).ToArray())
            );

    public override Task PutObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects, long now) =>
        objects.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                $"""
                INSERT INTO objects (kind, id, json, file_hash, version, created_at, updated_at)
                SELECT kind, id, json::json, file_hash, 1, @now, @now
                FROM unnest(@kinds, @ids, @jsons, @hashes) AS thing (kind, id, json, file_hash) {ObjectSql.OnObject}
                """,
                ("@kinds", objects.Select(thing => thing.Kind).ToArray()),
                ("@ids", objects.Select(thing => thing.Id).ToArray()),
                ("@jsons", objects.Select(ObjectSql.Text).ToArray()),
                ("@hashes", objects.Select(thing => thing.FileHash).ToArray()),
                ("@now", now)
            );

    public override Task DeleteObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects) =>
        objects.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                "DELETE FROM objects WHERE (kind, id) IN (SELECT * FROM unnest(@kinds, @ids))",
                ("@kinds", objects.Select(thing => thing.Kind).ToArray()),
                ("@ids", objects.Select(thing => thing.Id).ToArray())
            );

    // The server puts a commit on its disk before it confirms it.
    public override Task FlushAsync(CancellationToken cancel) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override async Task<T> InReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await work(new Session(connection, null, Patience, cancel));
    }

    protected override async Task<T> InWriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var result = await work(new Session(connection, transaction, Patience, cancel));
        await transaction.CommitAsync(cancel);
        return result;
    }

    // Given back with the transaction, also when the connection is lost.
    protected override Task LockAllAsync(Session session) =>
        session.ExecuteAsync("SELECT pg_advisory_xact_lock(@lock)", ("@lock", AloneLock));

    // https://www.postgresql.org/docs/15/errcodes-appendix.html. Without a state, the connection is the trouble.
    protected override bool IsOutage(DbException problem) =>
        problem is PostgresException { SqlState: var state }
            // Connection, rollback (deadlock, serialisation), resources, not ready (locks, read-only), intervention, system, log-in.
            ? state[..2] is "08" or "40" or "53" or "55" or "57" or "58" or "28" or "3D" or "25"
            : problem is NpgsqlException;
}
