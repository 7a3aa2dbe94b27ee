using System.Globalization;
using Bifrost.Storage;
using Bifrost.Storage.Sealing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Testing.Stores;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>An empty database of a test's own, in a folder of its own, gone with the test. It can be opened any number of times:
/// <c>await using var place = await StorePlace.FreshAsync(DatabaseKind.Postgres);</c></summary>
public sealed class StorePlace : IAsyncDisposable
{
    private bool _isTheirs;

    private StorePlace(DatabaseKind kind, string folder, string? connection)
    {
        Kind = kind;
        Folder = folder;
        Connection = connection;
        Settings = connection is null ? new SqliteSettings(File) : PostgresSettings.FromConnectionString(connection);
    }

    public DatabaseKind Kind { get; }

    /// <summary>The app directory: the key file is here, and SQLite's file.</summary>
    public string Folder { get; }

    /// <summary>Where SQLite's file is, or would be.</summary>
    public string File => Path.Combine(Folder, "config.db");

    /// <summary>Of PostgreSQL; null for SQLite.</summary>
    public string? Connection { get; }

    public StoreSettings Settings { get; }

    public static async Task<StorePlace> FreshAsync(DatabaseKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("bifrost-store-").FullName;
        return new StorePlace(kind, folder, kind == DatabaseKind.Postgres ? await PostgresServer.FreshDatabaseAsync() : null);
    }

    /// <summary>A database that is the caller's to make and to remove.</summary>
    public static StorePlace On(string connection) =>
        new(DatabaseKind.Postgres, Directory.CreateTempSubdirectory("bifrost-store-").FullName, connection) { _isTheirs = true };

    /// <param name="passphrase">Null: the key file in <see cref="Folder"/>.</param>
    /// <param name="previous">Passphrases of before.</param>
    /// <param name="clock">Null: the system's.</param>
    /// <param name="logs">Null: none.</param>
    public Task<GatewayStore> OpenAsync(
        string? passphrase = null,
        IReadOnlyList<string>? previous = null,
        TimeProvider? clock = null,
        ILoggerFactory? logs = null
    ) =>
        GatewayStore.OpenAsync(
            Settings,
            Sealing(passphrase, previous),
            clock ?? TimeProvider.System,
            logs ?? NullLoggerFactory.Instance,
            CancellationToken.None
        );

    public SealingSettings Sealing(string? passphrase = null, IReadOnlyList<string>? previous = null) =>
        new()
        {
            Passphrase = passphrase,
            Previous = previous ?? [],
            KeyFile = Path.Combine(Folder, "encryption.key"),
        };

    /// <summary>A <c>config_store</c> section of the configuration file that leads here.</summary>
    public string ConfigStoreJson()
    {
        if (Connection is null)
        {
            return $$"""{"enabled": true, "type": "sqlite", "config": {"path": "{{File}}"} }""";
        }

        var parts = new Npgsql.NpgsqlConnectionStringBuilder(Connection);
        var port = parts.Port.ToString(CultureInfo.InvariantCulture);
        return $$"""
            {"enabled": true, "type": "postgres", "config": {"host": "{{parts.Host}}", "port": "{{port}}", "user": "{{parts.Username}}",
             "password": "unused", "db_name": "{{parts.Database}}", "ssl_mode": "disable"} }
            """;
    }

    public async ValueTask DisposeAsync()
    {
        if (Connection is not null && !_isTheirs)
        {
            await PostgresServer.DropAsync(Connection);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
