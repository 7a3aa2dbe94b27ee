using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Migrations;
using Bifrost.Storage.Sealing;
using Bifrost.Storage.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Storage;

/// <summary>The database behind the gateway: opened once at the start, brought to this program's schema, its secrets under the current key.</summary>
public sealed class GatewayStore : IAsyncDisposable
{
    private readonly Database _database;

    private GatewayStore(Database database, ISecretBox secrets, TimeProvider clock)
    {
        _database = database;
        Secrets = secrets;
        Objects = new ObjectStore(database, clock);
        Ledger = new LedgerStore(database);
    }

    public IObjectStore Objects { get; }

    public ILedgerStore Ledger { get; }

    /// <summary>Opens what is sealed in <see cref="Objects"/>, and seals what is to be kept there.</summary>
    public ISecretBox Secrets { get; }

    /// <summary><c>SQLite</c> or <c>PostgreSQL</c>.</summary>
    public string Kind => _database.Name;

    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="StoreOpenException">It must not be used as things are.</exception>
    public static async Task<GatewayStore> OpenAsync(
        StoreSettings settings,
        SealingSettings sealing,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        var database = Database.Of(settings);
        try
        {
            await new SchemaUpdate(database, logs.CreateLogger<SchemaUpdate>()).ToNewestAsync(cancel);
            var secrets = await new KeyRing(database, sealing, clock, logs.CreateLogger<KeyRing>()).OpenAsync(cancel);
            return new GatewayStore(database, secrets, clock);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema to that of another version, forward or back. Going back drops what the older version does not know.</summary>
    /// <param name="settings">Which database. No gateway may be using it.</param>
    /// <param name="migration">Name of the last migration to be there afterwards, or <c>0</c> for none.</param>
    /// <param name="logs">Told of every step.</param>
    /// <param name="cancel">Stops it; then nothing has changed.</param>
    public static async Task MigrateAsync(StoreSettings settings, string migration, ILoggerFactory logs, CancellationToken cancel)
    {
        await using var database = Database.Of(settings);
        await new SchemaUpdate(database, logs.CreateLogger<SchemaUpdate>()).ToAsync(migration, cancel);
    }

    /// <summary>Whether the database answers, within the settings' patience.</summary>
    public async Task<bool> PingAsync(CancellationToken cancel)
    {
        try
        {
            return await _database.ReadAsync(session => session.ScalarAsync("SELECT 1"), cancel) is not null;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
