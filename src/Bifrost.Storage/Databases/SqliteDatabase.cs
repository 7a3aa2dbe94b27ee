using System.Data.Common;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Schema;
using Microsoft.Data.Sqlite;

namespace Bifrost.Storage.Databases;

/// <summary>One file. One connection writes; each reading has its own, and sees the last committed state without waiting for the writer.</summary>
internal sealed class SqliteDatabase(SqliteSettings settings) : Database(settings.Patience)
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = settings.Path,
        ForeignKeys = true,
        // Connections are few and ours; a pool would only keep the file open after we have closed it.
        Pooling = false,
        // SQLite itself waits for locks (busy_timeout below); the library need not go on after that.
        DefaultTimeout = 1,
    }.ConnectionString;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private SqliteConnection? _writer;

    public override string Name => "SQLite";

    public override async Task<List<string>> MigrationsAsync(Session session) =>
        await session.ScalarAsync("SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsHistory'") is null
            ? []
            : await session.QueryAsync(
                """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY "MigrationId" """,
                reader => reader.GetString(0)
            );

    public override Task RequireAsync(Session session) => Task.CompletedTask;

    // The transaction is the only one that writes already.
    public override async Task<JournalPosition?> LockJournalAsync(Session session, string journal) =>
        (await session.QueryAsync(LedgerSql.Position, LedgerSql.ReadPosition, ("@journal", journal))).FirstOrDefault();

    public override async Task<HashSet<Guid>> KnownHoldsAsync(Session session, IReadOnlyCollection<Guid> holds)
    {
        await using var command = session.Command(
            "SELECT EXISTS (SELECT 1 FROM ledger WHERE id = @id) OR EXISTS (SELECT 1 FROM releases WHERE hold_id = @id)",
            ("@id", null)
        );
        var known = new HashSet<Guid>();
        foreach (var hold in holds)
        {
            command.Parameters[0].Value = Bytes(hold);
            if (await command.ExecuteScalarAsync(session.Cancel) is 1L)
            {
                known.Add(hold);
            }
        }

        return known;
    }

    public override Task InsertLedgerAsync(Session session, IReadOnlyList<LedgerRow> rows)
    {
        var columns = LedgerColumns.All;
        return EachAsync(
            session,
            $"INSERT INTO ledger ({LedgerColumns.Names}) VALUES ({string.Join(", ", columns.Select(column => "@" + column.Name))})",
            columns.Select(column => "@" + column.Name),
            rows,
            (row, values) =>
            {
                for (var at = 0; at < columns.Count; at++)
                {
                    var value = columns[at].Value(row);
                    values[at].Value = value is Guid id ? Bytes(id) : value ?? DBNull.Value;
                }
            }
        );
    }

    public override Task InsertReleasesAsync(Session session, string journal, long segment, IReadOnlyList<Guid> holds) =>
        EachAsync(
            session,
            "INSERT INTO releases (hold_id, journal, segment) VALUES (@hold, @journal, @segment)",
            ["@hold", "@journal", "@segment"],
            holds,
            (hold, values) => (values[0].Value, values[1].Value, values[2].Value) = (Bytes(hold), journal, segment)
        );

    public override Task AddToCountersAsync(Session session, IReadOnlyCollection<CounterState> amounts) =>
        EachAsync(
            session,
            $"INSERT INTO counters (meter_id, period_start, epoch, used) VALUES (@meter, @period, @epoch, @used) {LedgerSql.OnCounter}",
            ["@meter", "@period", "@epoch", "@used"],
            amounts,
            (amount, values) =>
                (values[0].Value, values[1].Value, values[2].Value, values[3].Value) = (
                    amount.MeterId,
                    amount.PeriodStart,
                    amount.Epoch,
                    amount.Used
                )
        );

    public override Task PutObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects, long now) =>
        EachAsync(
            session,
            $"""
            INSERT INTO objects (kind, id, json, file_hash, version, created_at, updated_at)
            VALUES (@kind, @id, @json, @hash, 1, @now, @now) {ObjectSql.OnObject}
            """,
            ["@kind", "@id", "@json", "@hash", "@now"],
            objects,
            (thing, values) =>
                (values[0].Value, values[1].Value, values[2].Value, values[3].Value, values[4].Value) = (
                    thing.Kind,
                    thing.Id,
                    ObjectSql.Text(thing),
                    (object?)thing.FileHash ?? DBNull.Value,
                    now
                )
        );

    public override Task DeleteObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects) =>
        EachAsync(
            session,
            "DELETE FROM objects WHERE kind = @kind AND id = @id",
            ["@kind", "@id"],
            objects,
            (thing, values) => (values[0].Value, values[1].Value) = (thing.Kind, thing.Id)
        );

    // With synchronous=NORMAL a commit is in the log but perhaps not on the disk; a checkpoint puts it there.
    public override Task FlushAsync(CancellationToken cancel) =>
        ReadAsync(session => session.ExecuteAsync("PRAGMA wal_checkpoint(PASSIVE)"), cancel);

    public override async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _turn.Dispose();
    }

    // SQLite works on the calling thread, however asynchronous its methods are named.
    protected override Task<T> InReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) =>
        Task.Run(
            async () =>
            {
                await using var connection = await OpenAsync(cancel);
                return await work(new Session(connection, null, Patience, cancel));
            },
            cancel
        );

    protected override Task<T> InWriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) =>
        Task.Run(
            async () =>
            {
                if (!await _turn.WaitAsync(Patience, cancel))
                {
                    throw new TimeoutException("the writing before this one takes too long.");
                }

                try
                {
                    _writer ??= await OpenAsync(cancel);
                    // Not deferred: it has the right to write from the beginning, so nothing read in it can be out of date when it writes.
                    await using var transaction = _writer.BeginTransaction(deferred: false);
                    var result = await work(new Session(_writer, transaction, Patience, cancel));
                    await transaction.CommitAsync(cancel);
                    return result;
                }
                catch (DbException)
                {
                    // Whatever state it is in, the next writing starts with a new one.
                    await DropWriterAsync();
                    throw;
                }
                finally
                {
                    _turn.Release();
                }
            },
            cancel
        );

    protected override Task<T> InContextAsync<T>(Func<StoreContext, Task<T>> work, CancellationToken cancel) =>
        Task.Run(
            async () =>
            {
                await using var context = SqliteStoreContext.For(_connection);
                return await work(context);
            },
            cancel
        );

    // The transaction that writes is alone with the file.
    protected override Task LockAllAsync(Session session) => Task.CompletedTask;

    // https://www.sqlite.org/rescode.html: perm, busy, locked, nomem, readonly, ioerr, corrupt, full, cantopen, protocol, notadb.
    protected override bool IsOutage(DbException problem) =>
        problem is SqliteException { SqliteErrorCode: 3 or 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26 };

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private static async Task EachAsync<T>(
        Session session,
        string sql,
        IEnumerable<string> names,
        IReadOnlyCollection<T> rows,
        Action<T, DbParameter[]> bind
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = session.Command(sql, names.Select(name => (name, (object?)null)).ToArray());
        var values = command.Parameters.Cast<DbParameter>().ToArray();
        foreach (var row in rows)
        {
            bind(row, values);
            await command.ExecuteNonQueryAsync(session.Cancel);
        }
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancel)
    {
        MakeFile();
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancel);
            await new Session(connection, null, Patience, cancel).ExecuteAsync(
                $"PRAGMA busy_timeout = {(int)Patience.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000"
            );
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>SQLite would make the file readable for everybody; its companions take their mode from it.</summary>
    private void MakeFile()
    {
        if (OperatingSystem.IsWindows() || File.Exists(settings.Path))
        {
            return;
        }

        new FileStream(
            settings.Path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        ).Dispose();
    }

    private async Task DropWriterAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }
}
