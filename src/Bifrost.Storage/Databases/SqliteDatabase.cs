using System.Data.Common;
using Bifrost.Core.Threads;
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

    // Sixteen bytes in the order that sorts.
    public override object IdValue(Guid id) => Bytes(id);

    public override Guid ReadId(DbDataReader reader, int column) => new((byte[])reader.GetValue(column), bigEndian: true);

    public override Task RequireAsync(Session session) => Task.CompletedTask;

    // The transaction is the only one that writes already.
    public override async Task<JournalPosition?> LockJournalAsync(Session session, string journal) =>
        (await session.QueryAsync(LedgerSql.Position, LedgerSql.ReadPosition, ("@journal", journal))).FirstOrDefault();

    public override Task<HashSet<Guid>> KnownHoldsAsync(Session session, IReadOnlyCollection<Guid> holds)
    {
        using var asked = new SqliteStatement(
            session,
            "SELECT 1 FROM ledger WHERE id = ?1 UNION ALL SELECT 1 FROM releases WHERE hold_id = ?1"
        );
        var known = new HashSet<Guid>();
        foreach (var hold in holds)
        {
            session.Cancel.ThrowIfCancellationRequested();
            if (asked.Bind(1, Bytes(hold)).HasRow())
            {
                known.Add(hold);
            }
        }

        return Task.FromResult(known);
    }

    public override async Task<HashSet<Guid>> InsertLedgerAsync(Session session, IReadOnlyList<LedgerRow> rows)
    {
        var columns = LedgerColumns.All;
        var known = new HashSet<Guid>();
        var anyReleased = await session.ScalarAsync("SELECT EXISTS (SELECT 1 FROM releases)") is 1L;
        using var released = new SqliteStatement(session, "SELECT 1 FROM releases WHERE hold_id = ?");
        using var insert = new SqliteStatement(
            session,
            $"INSERT INTO ledger ({LedgerColumns.Names}) VALUES ({string.Join(", ", columns.Select(_ => "?"))}) ON CONFLICT (id) DO NOTHING"
        );
        Span<byte> id = stackalloc byte[16];
        foreach (var row in rows)
        {
            session.Cancel.ThrowIfCancellationRequested();
            row.Id.TryWriteBytes(id, bigEndian: true, out _);
            if (anyReleased && released.Bind(1, id).HasRow())
            {
                known.Add(row.Id);
                continue;
            }

            for (var at = 0; at < columns.Count; at++)
            {
                _ = columns[at].Type switch
                {
                    ColumnType.Id => insert.Bind(at + 1, id),
                    ColumnType.Text => insert.Bind(at + 1, columns[at].Text(row)),
                    _ => insert.Bind(at + 1, columns[at].Number(row)),
                };
            }

            if (insert.Run() == 0)
            {
                known.Add(row.Id);
            }
        }

        return known;
    }

    public override Task InsertReleasesAsync(Session session, string journal, long segment, IReadOnlyList<Guid> holds) =>
        EachAsync(
            session,
            "INSERT INTO releases (hold_id, journal, segment) VALUES (?, ?, ?)",
            3,
            holds,
            (hold, values) => (values[0], values[1], values[2]) = (Bytes(hold), journal, segment)
        );

    public override Task AddToCountersAsync(Session session, IReadOnlyCollection<CounterState> amounts) =>
        EachAsync(
            session,
            $"INSERT INTO counters (meter_id, period_start, epoch, used) VALUES (?, ?, ?, ?) {LedgerSql.OnCounter}",
            4,
            amounts,
            (amount, values) =>
                (values[0], values[1], values[2], values[3]) = (amount.MeterId, amount.PeriodStart, amount.Epoch, amount.Used)
        );

    public override Task PutObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects, long now) =>
        EachAsync(
            session,
            $"""
            INSERT INTO objects (kind, id, json, file_hash, version, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5) {ObjectSql.OnObject}
            """,
            5,
            objects,
            (thing, values) =>
                (values[0], values[1], values[2], values[3], values[4]) = (thing.Kind, thing.Id, ObjectSql.Text(thing), thing.FileHash, now)
        );

    public override Task DeleteObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects) =>
        EachAsync(
            session,
            "DELETE FROM objects WHERE kind = ? AND id = ?",
            2,
            objects,
            (thing, values) => (values[0], values[1]) = (thing.Kind, thing.Id)
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
        PoolScheduler.RunAloneAsync(
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

    // The transaction that writes is alone with the file.
    protected override Task LockAllAsync(Session session) => Task.CompletedTask;

    // https://www.sqlite.org/rescode.html: perm, busy, locked, nomem, readonly, ioerr, corrupt, full, cantopen, protocol, notadb.
    protected override bool IsOutage(DbException problem) =>
        problem is SqliteException { SqliteErrorCode: 3 or 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26 };

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private static Task EachAsync<T>(Session session, string sql, int parameters, IReadOnlyCollection<T> rows, Action<T, object?[]> fill)
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }

        using var statement = new SqliteStatement(session, sql);
        var values = new object?[parameters];
        foreach (var row in rows)
        {
            session.Cancel.ThrowIfCancellationRequested();
            fill(row, values);
            statement.Run(values);
        }

        return Task.CompletedTask;
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancel)
    {
        MakeFile();
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancel);
            await new Session(connection, null, Patience, cancel).ExecuteAsync(
                $"PRAGMA busy_timeout = {(int)Patience.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -6000"
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
