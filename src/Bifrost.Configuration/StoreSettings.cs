using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>The kinds of store there are.</summary>
public enum StoreKind
{
    /// <summary>Nothing is kept: settings come from the file at each start and cannot be edited, and spend starts at zero.</summary>
    None,
    Sqlite,
    Postgres,
}

/// <summary>The <c>config_store</c> section, where settings, governance and the ledger are kept; and <c>logs_store</c>, for the request log.</summary>
public sealed record StoreSettings
{
    /// <summary>Default: SQLite, whether or not there is a file.</summary>
    public StoreKind Kind { get; init; } = StoreKind.Sqlite;

    /// <summary>Of the SQLite file; relative to the app directory. Default <c>config.db</c>.</summary>
    public string Path { get; init; } = "config.db";

    /// <summary>Of PostgreSQL, as are all that follow; empty otherwise.</summary>
    public string Host { get; init; } = "";

    public int Port { get; init; } = 5432;

    public string User { get; init; } = "";

    public Secret Password { get; init; } = Secret.Empty;

    public string Database { get; init; } = "";

    /// <summary><c>disable</c>, <c>allow</c>, <c>prefer</c>, <c>require</c>, <c>verify-ca</c> or <c>verify-full</c>.</summary>
    public string SslMode { get; init; } = "prefer";

    /// <summary>Connections kept open at rest. Default 5.</summary>
    public int MaxIdleConnections { get; init; } = 5;

    /// <summary>Connections at most. Default 50.</summary>
    public int MaxOpenConnections { get; init; } = 50;
}

/// <summary>Reads <c>config_store</c>.</summary>
internal static class StoreReader
{
    private static readonly string[] NeededByPostgres = ["host", "port", "user", "password", "db_name"];

    public static StoreSettings Read(SectionReading? section, Findings findings, string path = "config.db")
    {
        var defaults = new StoreSettings { Path = path };
        if (section is null)
        {
            return defaults;
        }

        if (section.Flag("enabled") == false)
        {
            return defaults with { Kind = StoreKind.None };
        }

        var config = section.Section("config");
        if (section.Text("type") != "postgres")
        {
            return defaults with { Path = config?.Text("path") ?? defaults.Path };
        }

        foreach (var name in NeededByPostgres.Where(n => config?.Has(n) != true))
        {
            findings.Mistake(JsonPath.Member(section.PathOf("config"), name), "is missing: the store is of type `postgres`.");
        }

        return config is null
            ? defaults
            : new StoreSettings
            {
                Kind = StoreKind.Postgres,
                Host = config.Text("host") ?? "",
                Port = int.TryParse(config.Text("port"), out var port) ? port : defaults.Port,
                User = config.Text("user") ?? "",
                Password = config.Text("password") is { } password ? new Secret(password) : Secret.Empty,
                Database = config.Text("db_name") ?? "",
                SslMode = config.Text("ssl_mode") ?? defaults.SslMode,
                MaxIdleConnections = config.Whole("max_idle_conns") ?? defaults.MaxIdleConnections,
                MaxOpenConnections = config.Whole("max_open_conns") ?? defaults.MaxOpenConnections,
            };
    }
}
