using System.Data.Common;
using System.Net.Sockets;
using Bifrost.Core.Threads;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs;

/// <summary>What the log needs of a database, and the little each does in its own way. When the database, not the statement, is the trouble, every way in fails
/// with <see cref="LogStoreUnavailableException"/>.</summary>
internal abstract class LogDatabase(TimeSpan patience) : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>Others may write to it.</summary>
    public abstract bool IsShared { get; }

    protected TimeSpan Patience { get; } = patience < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : patience;

    public static LogDatabase Of(StoreSettings settings) =>
        settings switch
        {
            SqliteSettings sqlite => new SqliteLogDatabase(sqlite),
            PostgresSettings postgres => new PostgresLogDatabase(postgres),
            _ => throw new ArgumentException($"There is no database for {settings.GetType().Name}.", nameof(settings)),
        };

    /// <summary>All that is read in it was so at one moment.</summary>
    public Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) => GuardAsync(() => InReadAsync(work, cancel));

    /// <summary>One transaction: all of it, or nothing.</summary>
    public Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) => GuardAsync(() => InWriteAsync(work, cancel));

    /// <summary>One transaction that is alone with schema, texts and combinations.</summary>
    public Task<T> AloneAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) =>
        WriteAsync(
            async session =>
            {
                await LockAsync(session);
                return await work(session);
            },
            cancel
        );

    /// <summary>Inserts rows into a table. Values are numbers, texts, bytes or null.</summary>
    public abstract Task BulkAsync(Session session, string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows);

    /// <summary>Gives every row a key that is free, and inserts it; those that are there already are left out of what comes back.</summary>
    public abstract Task<List<StoredRow>> InsertRowsAsync(Session session, IReadOnlyList<StoredRow> rows);

    /// <param name="session">Where.</param>
    /// <param name="payloads">Key, flags, packed body, words.</param>
    public abstract Task InsertPayloadsAsync(Session session, IReadOnlyList<(long Key, int Flags, byte[] Body, string Words)> payloads);

    /// <summary>Removes the words of these keys, where they do not go with the payload.</summary>
    public abstract Task DeleteWordsAsync(Session session, IReadOnlyList<long> keys);

    /// <summary>Keys of payloads with all of the words, from a key to before another.</summary>
    /// <param name="descending">The newest first.</param>
    public abstract string TextSql(bool descending);

    /// <summary>Which of these keys have the words.</summary>
    public abstract string TextAmongSql(string keys);

    /// <summary>A condition: the key is one of many.</summary>
    public abstract string KeysSql(IEnumerable<long> keys);

    /// <summary>The words as <see cref="TextSql"/> takes them.</summary>
    public abstract string TextQuery(IReadOnlyList<string> words);

    /// <summary>Prepares for rows of these moments.</summary>
    public abstract Task MakeRoomAsync(IReadOnlyCollection<long> moments, CancellationToken cancel);

    /// <summary>Removes rows, or only payloads, before a key, in small steps that writers can get in between. Returns how many rows.</summary>
    public abstract Task<long> RemoveBeforeAsync(long key, bool payloadsOnly, CancellationToken cancel);

    /// <summary>Of rows and payloads.</summary>
    public abstract Task<long> BytesAsync(CancellationToken cancel);

    /// <summary>Gives the room of what was removed back, in small steps.</summary>
    public abstract Task ShrinkAsync(CancellationToken cancel);

    public abstract Task<bool> HasTableAsync(Session session, string table);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<T> InReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel);

    protected abstract Task<T> InWriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel);

    protected abstract Task LockAsync(Session session);

    /// <summary>The database is the trouble: it is gone, locked, full or slow. Anything else is a bug of ours and stays what it is.</summary>
    protected abstract bool IsOutage(DbException problem);

    protected async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            // A driver goes on where its sockets were waited for.
            return await PoolScheduler.RunAsync(work);
        }
        catch (Exception problem)
            when (problem is DbException database ? IsOutage(database) : problem is TimeoutException or SocketException or IOException)
        {
            throw new LogStoreUnavailableException($"{Name} is not available for the log: {problem.Message}", problem);
        }
    }
}
