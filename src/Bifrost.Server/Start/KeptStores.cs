using Bifrost.Configuration;
using Bifrost.Governance.Stores;
using Bifrost.Storage;
using Bifrost.Storage.Sealing;
using ConfiguredStore = Bifrost.Configuration.StoreSettings;

namespace Bifrost.Server.Start;

/// <summary>The store that the configuration names, opened; or memory in its place.</summary>
internal sealed class KeptStores : IAsyncDisposable
{
    private readonly GatewayStore? _store;
    private readonly string? _temporary;

    private KeptStores(GatewayStore? store, IObjectStore objects, ILedgerStore ledger, string journal, string? temporary)
    {
        _store = store;
        _temporary = temporary;
        Objects = objects;
        Ledger = ledger;
        JournalFolder = journal;
    }

    public IObjectStore Objects { get; }

    public ILedgerStore Ledger { get; }

    public ISecretBox? Box { get; private init; }

    /// <summary>Settings may be edited.</summary>
    public bool AreKept { get; private init; }

    public string JournalFolder { get; }

    public Func<CancellationToken, Task>? Ping =>
        _store is { } store
            ? async cancel =>
            {
                if (!await store.PingAsync(cancel))
                {
                    throw new IOException($"The {store.Kind} database does not answer.");
                }
            }
            : null;

    public static async Task<KeptStores> OpenAsync(
        ConfigReading file,
        Place place,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        if (place.InMemory || file.Store.Kind == StoreKind.None)
        {
            var temporary = Directory.CreateTempSubdirectory("bifrost-").FullName;
            return new KeptStores(null, new InMemoryObjectStore(), new InMemoryLedgerStore(), Path.Combine(temporary, "journal"), temporary)
            {
                AreKept = place.InMemory,
                Box = place.InMemory ? new PlainBox() : null,
            };
        }

        place.MakeAppDir();
        var sealing = SealingSettings.From(
            file.EncryptionKey.IsEmpty ? null : file.EncryptionKey.Reveal(),
            place.Environment,
            place.AppDir
        );
        var store = await GatewayStore.OpenAsync(Named(file.Store, place.AppDir), sealing, clock, logs, cancel);
        return new KeptStores(store, store.Objects, store.Ledger, Path.Combine(place.AppDir, "journal"), null)
        {
            AreKept = true,
            Box = store.Secrets,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    /// <summary>The database that the configuration names, as the store wants to be told.</summary>
    public static Storage.StoreSettings Named(ConfiguredStore store, string appDir) =>
        store.Kind == StoreKind.Postgres ? Server(store) : new SqliteSettings(Path.GetFullPath(store.Path, appDir));

    private static PostgresSettings Server(ConfiguredStore store) =>
        PostgresSettings.To(store.Host, store.Port, store.User, store.Password.Reveal(), store.Database, store.SslMode) with
        {
            MaxIdleConnections = store.MaxIdleConnections,
            MaxOpenConnections = store.MaxOpenConnections,
        };

    /// <summary>What never leaves the process need not be sealed.</summary>
    private sealed class PlainBox : ISecretBox
    {
        public string Seal(string secret) => secret;

        public string Open(string text) => text;
    }
}
