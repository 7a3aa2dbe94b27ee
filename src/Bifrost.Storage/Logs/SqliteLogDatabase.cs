using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Bifrost.Core.Threads;
using Bifrost.Storage.Databases;
using Microsoft.Data.Sqlite;

namespace Bifrost.Storage.Logs;

/// <summary>A file of its own. One connection writes; readers see the last committed state without waiting for it, and keep their connections.</summary>
internal sealed class SqliteLogDatabase(SqliteSettings settings) : LogDatabase(settings.Patience)
{
    private const int KeptReaders = 8;

    // Kibibytes. What readers miss is mostly in the cache of the system, and there may be many of them; the writer goes back to the same pages.
    private const int ReaderCache = 4_000;
    private const int WriterCache = 8_000;

    // The first two only count for an empty file; larger pages for the roll-ups, and a file that can shrink. Setting auto_vacuum is a write: a reader that
    // did it would wait for the writer.
    private const string OfWriter =
        "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";

    // Rows removed at a time, and what the writer may be kept from its turn for.
    private const int RemoveStep = 200;
    private const int ShrinkPages = 256;

    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = settings.Path,
        Pooling = false,
        DefaultTimeout = 1,
    }.ConnectionString;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private SqliteConnection? _writer;
    private volatile bool _closed;

    public override string Name => "SQLite";

    // One gateway on one file.
    public override bool IsShared => false;

    public override Task BulkAsync(Session session, string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }

        using var insert = new SqliteStatement(session, Insert("INSERT", table, columns));
        foreach (var row in rows)
        {
            session.Cancel.ThrowIfCancellationRequested();
            insert.Run(row);
        }

        return Task.CompletedTask;
    }

    public override Task<List<StoredRow>> InsertRowsAsync(Session session, IReadOnlyList<StoredRow> rows)
    {
        var fresh = new List<StoredRow>(rows.Count);
        var columns = StoredRow.Columns.Split(", ");
        using var insert = new SqliteStatement(session, Insert("INSERT OR IGNORE", "log_rows", columns));
        using var same = new SqliteStatement(session, "SELECT id FROM log_rows WHERE finder = ?");
        foreach (var row in rows)
        {
            session.Cancel.ThrowIfCancellationRequested();
            if (same.Bind(1, row.Finder).HasRow(row.IdBytes))
            {
                continue;
            }

            row.Bind(insert);

            for (var slot = 0; ; slot++)
            {
                if (slot == LogKey.Slots)
                {
                    throw new InvalidOperationException("More rows than there is room for have come in one microsecond.");
                }

                if (insert.Bind(1, row.Key).Run() == 1)
                {
                    break;
                }

                row.Key = LogKey.Next(row.Key);
            }

            fresh.Add(row);
        }

        return Task.FromResult(fresh);
    }

    public override async Task InsertPayloadsAsync(
        Session session,
        IReadOnlyList<(long Key, int Flags, byte[] Body, string Words)> payloads
    )
    {
        await BulkAsync(
            session,
            "log_payloads",
            ["key", "flags", "body"],
            payloads.Select(payload => new object?[] { payload.Key, payload.Flags, payload.Body }).ToList()
        );
        await BulkAsync(
            session,
            "log_texts",
            ["rowid", "words"],
            payloads.Where(payload => payload.Words.Length > 0).Select(payload => new object?[] { payload.Key, payload.Words }).ToList()
        );
    }

    public override Task DeleteWordsAsync(Session session, IReadOnlyList<long> keys)
    {
        using var delete = new SqliteStatement(session, "DELETE FROM log_texts WHERE rowid = ?");
        foreach (var key in keys)
        {
            delete.Run(key);
        }

        return Task.CompletedTask;
    }

    public override string TextSql(bool descending) =>
        "SELECT rowid FROM log_texts WHERE log_texts MATCH @words AND rowid >= @from AND rowid < @to ORDER BY rowid "
        + (descending ? "DESC" : "ASC")
        + " LIMIT @limit";

    public override string TextAmongSql(string keys) => $"SELECT rowid FROM log_texts WHERE log_texts MATCH @words AND rowid IN ({keys})";

    public override string KeysSql(IEnumerable<long> keys) => $"key IN ({string.Join(",", keys)})";

    public override string TextQuery(IReadOnlyList<string> words) => string.Join(" AND ", words.Select(word => $"\"{word}\""));

    public override Task MakeRoomAsync(IReadOnlyCollection<long> moments, CancellationToken cancel) => Task.CompletedTask;

    public override async Task<long> RemoveBeforeAsync(long key, bool payloadsOnly, CancellationToken cancel)
    {
        long removed = 0;
        while (true)
        {
            var clock = Stopwatch.GetTimestamp();
            var (rows, more) = await WriteAsync(session => RemoveStepAsync(session, key, payloadsOnly), cancel);
            removed += rows;
            if (!more)
            {
                return removed;
            }

            // As long as we had it, others may have it.
            await Task.Delay(Stopwatch.GetElapsedTime(clock) + TimeSpan.FromMilliseconds(1), cancel);
        }
    }

    public override Task<long> BytesAsync(CancellationToken cancel) =>
        ReadAsync(
            async session =>
            {
                var pages = await NumberAsync(session, "PRAGMA page_count") - await NumberAsync(session, "PRAGMA freelist_count");
                return pages * await NumberAsync(session, "PRAGMA page_size");
            },
            cancel
        );

    public override async Task ShrinkAsync(CancellationToken cancel)
    {
        while (await ReadAsync(session => NumberAsync(session, "PRAGMA freelist_count"), cancel) > 0)
        {
            await WriteAsync(
                async session =>
                {
                    // One page for each step of the statement.
                    await session.QueryAsync($"PRAGMA incremental_vacuum({ShrinkPages})", _ => 0);
                    return true;
                },
                cancel
            );
            await Task.Delay(5, cancel);
        }
    }

    public override async Task<bool> HasTableAsync(Session session, string table) =>
        await session.ScalarAsync("SELECT 1 FROM sqlite_master WHERE name = @table", ("@table", table)) is not null;

    public override async ValueTask DisposeAsync()
    {
        _closed = true;
        while (_readers.TryTake(out var reader))
        {
            await reader.DisposeAsync();
        }

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
                var connection = _readers.TryTake(out var kept) ? kept : await OpenAsync(ReaderCache, "PRAGMA query_only = ON", cancel);
                var whole = false;
                try
                {
                    await using var transaction = connection.BeginTransaction(deferred: true);
                    var result = await work(new Session(connection, transaction, Patience, cancel));
                    await transaction.CommitAsync(cancel);
                    whole = true;
                    return result;
                }
                finally
                {
                    if (whole && !_closed && _readers.Count < KeptReaders)
                    {
                        _readers.Add(connection);
                    }
                    else
                    {
                        await connection.DisposeAsync();
                    }
                }
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
                    _writer ??= await OpenAsync(WriterCache, OfWriter, cancel);
                    await using var transaction = _writer.BeginTransaction(deferred: false);
                    var result = await work(new Session(_writer, transaction, Patience, cancel));
                    await transaction.CommitAsync(cancel);
                    return result;
                }
                catch (DbException)
                {
                    // Whatever state it is in, the next writing starts with a new one.
                    if (_writer is { } writer)
                    {
                        _writer = null;
                        await writer.DisposeAsync();
                    }

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
    protected override Task LockAsync(Session session) => Task.CompletedTask;

    // https://www.sqlite.org/rescode.html, as for the control plane.
    protected override bool IsOutage(DbException problem) =>
        problem is SqliteException { SqliteErrorCode: 3 or 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26 };

    private async Task<(long Rows, bool More)> RemoveStepAsync(Session session, long key, bool payloadsOnly)
    {
        var keys = await session.QueryAsync(
            $"SELECT key FROM {(payloadsOnly ? "log_payloads" : "log_rows")} WHERE key < @key ORDER BY key LIMIT {RemoveStep}",
            reader => reader.GetInt64(0),
            ("@key", key)
        );
        if (keys.Count == 0)
        {
            return (0, false);
        }

        var last = keys[^1];
        if (!payloadsOnly)
        {
            foreach (
                var pairs in await session.QueryAsync(
                    "SELECT key, detail FROM log_rows WHERE key <= @last",
                    reader => LogDetail.Pairs(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)),
                    ("@last", last)
                )
            )
            {
                await RemovePairsAsync(session, pairs);
            }

            await session.ExecuteAsync("DELETE FROM log_rows WHERE key <= @last", ("@last", last));
        }
        else
        {
            await session.ExecuteAsync(
                "UPDATE log_rows SET flags = flags & ~2 WHERE flags & 2 AND key IN (SELECT key FROM log_payloads WHERE key <= @last)",
                ("@last", last)
            );
        }

        await DeleteWordsAsync(
            session,
            await session.QueryAsync("SELECT key FROM log_payloads WHERE key <= @last", reader => reader.GetInt64(0), ("@last", last))
        );
        await session.ExecuteAsync("DELETE FROM log_payloads WHERE key <= @last", ("@last", last));
        return (payloadsOnly ? 0 : keys.Count, keys.Count == RemoveStep);
    }

    private static async Task RemovePairsAsync(Session session, IReadOnlyList<(long Pair, long Key)> pairs)
    {
        foreach (var (pair, key) in pairs)
        {
            await session.ExecuteAsync("DELETE FROM log_metadata WHERE pair = @pair AND key = @key", ("@pair", pair), ("@key", key));
        }
    }

    private static async Task<long> NumberAsync(Session session, string sql) =>
        Convert.ToInt64(await session.ScalarAsync(sql), CultureInfo.InvariantCulture);

    private static string Insert(string verb, string table, IReadOnlyList<string> columns) =>
        $"{verb} INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})";

    private async Task<SqliteConnection> OpenAsync(int cache, string more, CancellationToken cancel)
    {
        MakeFile();
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancel);
            await new Session(connection, null, Patience, cancel).ExecuteAsync(
                $"""
                PRAGMA busy_timeout = {(int)Patience.TotalMilliseconds}; PRAGMA cache_size = -{cache}; PRAGMA temp_store = MEMORY; {more}
                """
            );
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>SQLite would make the file readable for everybody.</summary>
    private void MakeFile()
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(settings.Path))
        {
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
    }
}
