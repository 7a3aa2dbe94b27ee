using System.Globalization;
using Npgsql;

namespace Bifrost.Storage;

/// <summary>Which database, and how patient we are with it.</summary>
public abstract record StoreSettings
{
    /// <summary>How long a connection, a lock or a statement is waited for, at least a second. Default 5 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}

/// <param name="Path">The database's file. Made when it is missing, for its owner's eyes only; its folder has to be there.</param>
public sealed record SqliteSettings(string Path) : StoreSettings;

/// <summary>A database on a PostgreSQL server, version 13 or later, in UTF-8. It has to be there; its tables are ours to make.</summary>
public sealed record PostgresSettings : StoreSettings
{
    private PostgresSettings(string connection) => Connection = connection;

    /// <summary>As Npgsql reads it. Holds the password.</summary>
    internal string Connection { get; }

    /// <summary>Idle connections that are kept. Default 5.</summary>
    public int MaxIdleConnections { get; init; } = 5;

    /// <summary>Connections at once, at most. Default 50.</summary>
    public int MaxOpenConnections { get; init; } = 50;

    /// <param name="host">Name, address, or folder of the socket.</param>
    /// <param name="port">Usually 5432.</param>
    /// <param name="user">Who we are there.</param>
    /// <param name="password">Empty where the server needs none.</param>
    /// <param name="database">Name of the database.</param>
    /// <param name="sslMode"><c>disable</c>, <c>allow</c>, <c>prefer</c>, <c>require</c>, <c>verify-ca</c> or <c>verify-full</c>.</param>
    /// <exception cref="ArgumentException">The mode is none of these.</exception>
    public static PostgresSettings To(string host, int port, string user, string password, string database, string sslMode) =>
        new(
            new NpgsqlConnectionStringBuilder
            {
                Host = host,
                Port = port,
                Username = user,
                Password = password,
                Database = database,
                SslMode = ModeOf(sslMode),
            }.ConnectionString
        );

    /// <param name="connection"><c>Host=…;Username=…</c>, or an address: <c>postgres://user:password@host:port/database?sslmode=require</c>.</param>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static PostgresSettings FromConnectionString(string connection)
    {
        if (!Uri.TryCreate(connection, UriKind.Absolute, out var address) || address.Scheme is not ("postgres" or "postgresql"))
        {
            return new PostgresSettings(new NpgsqlConnectionStringBuilder(connection).ConnectionString);
        }

        var user = address.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port > 0 ? address.Port : NpgsqlConnection.DefaultPort,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
        };
        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (pair, "");
            if (name == "sslmode")
            {
                settings.SslMode = ModeOf(value);
            }
            else
            {
                settings[name] = value;
            }
        }

        return new PostgresSettings(settings.ConnectionString);
    }

    /// <summary>Without the connection, which holds the password.</summary>
    public override string ToString() => $"PostgreSQL at {Where}";

    internal string Where
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(Connection);
            return string.Create(CultureInfo.InvariantCulture, $"{parts.Host}:{parts.Port}/{parts.Database}");
        }
    }

    private static SslMode ModeOf(string mode) =>
        mode switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "prefer" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => throw new ArgumentException(
                $"There is no SSL mode \"{mode}\"; there are disable, allow, prefer, require, verify-ca and verify-full.",
                nameof(mode)
            ),
        };
}
