using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Bifrost.Testing.Stores;

/// <summary>The PostgreSQL server of this test run: the one <c>./test</c> has started, or else one of our own that ends with this process.</summary>
public static partial class PostgresServer
{
    public const string Variable = "BIFROST_TEST_POSTGRES";

    // Started when the first test asks for a database.
    private static readonly Task<string> Server = StartAsync();
    private static int _databases;

    // Held, or its standard input would be collected and closed, and the server would end.
    private static Process? _script;

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public static async Task<string> FreshDatabaseAsync()
    {
        var server = await Server;
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"bifrost_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}_{Random.Shared.Next():x}"
        );
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public static async Task DropAsync(string connection) =>
        await ExecuteAsync(await Server, $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");

    /// <summary>Runs SQL of the test's own.</summary>
    public static async Task ExecuteAsync(string connection, string sql)
    {
        await using var opened = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await opened.OpenAsync();
        await using var command = opened.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every table of a database with its rows as text; bytes are characters, as far as they go.</summary>
    public static async Task<IReadOnlyList<(string Table, string Rows)>> DumpAsync(string connection)
    {
        await using var opened = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await opened.OpenAsync();
        var tables = await ReadAsync(
            opened,
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        );
        var dump = new List<(string, string)>();
        foreach (var table in tables)
        {
            var rows = string.Join('\n', await ReadAsync(opened, $"SELECT t::text FROM {table} t"));
            var bytes = Hex().Matches(rows).Select(hex => Encoding.Latin1.GetString(Convert.FromHexString(hex.Groups[1].Value)));
            dump.Add((table, string.Join('\n', [rows, .. bytes])));
        }

        return dump;
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection opened, string sql)
    {
        await using var command = opened.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    [GeneratedRegex(@"\\x((?:[0-9a-f]{2})+)")]
    private static partial Regex Hex();

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } running)
        {
            return running;
        }

        // The server ends when its standard input does, and that ends with this process, however it ends.
        var script = new ProcessStartInfo(Sources.PathOf("eng/postgres.sh"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _script = Process.Start(script) ?? throw new InvalidOperationException("eng/postgres.sh could not be started.");
        var mistakes = _script.StandardError.ReadToEndAsync();
        return await _script.StandardOutput.ReadLineAsync() is { Length: > 0 } connection
            ? connection
            : throw new InvalidOperationException($"No PostgreSQL server for tests: {await mistakes}");
    }
}
