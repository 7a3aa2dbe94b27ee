using System.Data.Common;
using System.Net.Sockets;
using Bifrost.Core.Threads;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Schema;

namespace Bifrost.Storage.Databases;

/// <summary>What the two databases do alike, and the little each does in its own way. Every way in gives up in time and fails with
/// <see cref="StoreUnavailableException"/> when the database, not the statement, is the trouble.</summary>
internal abstract class Database(TimeSpan patience) : IAsyncDisposable
{
    public abstract string Name { get; }

    protected TimeSpan Patience { get; } = patience < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : patience;

    public static Database Of(StoreSettings settings) =>
        settings switch
        {
            SqliteSettings sqlite => new SqliteDatabase(sqlite),
            PostgresSettings postgres => new PostgresDatabase(postgres),
            _ => throw new ArgumentException($"There is no database for {settings.GetType().Name}.", nameof(settings)),
        };

    public Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) => GuardAsync(() => InReadAsync(work, cancel));

    /// <summary>One transaction: all of it, or nothing.</summary>
    public Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) => GuardAsync(() => InWriteAsync(work, cancel));

    /// <summary>One transaction that is alone with the schema and the sealing keys, whoever else starts at the same moment.</summary>
    public Task<T> AloneAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel) =>
        WriteAsync(
            async session =>
            {
                await LockAllAsync(session);
                return await work(session);
            },
            cancel
        );

    /// <summary>An id as a parameter of a statement.</summary>
    public abstract object IdValue(Guid id);

    /// <summary>An id in a row that was read.</summary>
    public abstract Guid ReadId(DbDataReader reader, int column);

    /// <summary>Migrations applied so far, in order.</summary>
    public abstract Task<List<string>> MigrationsAsync(Session session);

    /// <summary>What must be so before tables are made: throws <see cref="StoreOpenException"/> when it is not.</summary>
    public abstract Task RequireAsync(Session session);

    /// <summary>Whoever writes for the same journal waits until this transaction ends. The journal's position so far comes back, or null.</summary>
    public abstract Task<JournalPosition?> LockJournalAsync(Session session, string journal);

    /// <summary>Those of the holds that are in the ledger or were released.</summary>
    public abstract Task<HashSet<Guid>> KnownHoldsAsync(Session session, IReadOnlyCollection<Guid> holds);

    /// <summary>Rows whose holds are in the ledger already, or were released, are left out; they come back.</summary>
    public abstract Task<HashSet<Guid>> InsertLedgerAsync(Session session, IReadOnlyList<LedgerRow> rows);

    public abstract Task InsertReleasesAsync(Session session, string journal, long segment, IReadOnlyList<Guid> holds);

    /// <summary>Same epoch and period: added. A later epoch, or a later period of the same one: put in its place. Earlier: dropped.</summary>
    public abstract Task AddToCountersAsync(Session session, IReadOnlyCollection<CounterState> amounts);

    /// <summary>New ones are inserted, those that are there replaced. No object twice.</summary>
    public abstract Task PutObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects, long now);

    public abstract Task DeleteObjectsAsync(Session session, IReadOnlyCollection<StoredObject> objects);

    /// <summary>What was committed is on the disk when this returns, also if the power fails next.</summary>
    public abstract Task FlushAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<T> InReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel);

    protected abstract Task<T> InWriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel);

    protected abstract Task LockAllAsync(Session session);

    /// <summary>The database is the trouble: it is gone, locked, full or slow. Anything else is a bug of ours and stays what it is.</summary>
    protected abstract bool IsOutage(DbException problem);

    protected async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            // A driver goes on where its sockets were waited for.
            return await PoolScheduler.RunAsync(work);
        }
        catch (Exception problem) when (IsOutage(problem))
        {
            throw new StoreUnavailableException($"{Name} is not available: {problem.Message}", problem);
        }
    }

    private bool IsOutage(Exception problem) =>
        problem switch
        {
            DbException database => IsOutage(database),
            TimeoutException or SocketException or IOException => true,
            _ => false,
        };
}
