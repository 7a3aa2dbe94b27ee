using System.Data.Common;
using Bifrost.Testing.Stores;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bifrost.Storage.Tests;

/// <summary>The database as somebody sees it who comes past the program.</summary>
internal static class Raw
{
    public static async Task<object?> ScalarAsync(StorePlace place, string sql)
    {
        await using var connection = await OpenAsync(place);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    public static async Task<DbConnection> OpenAsync(StorePlace place)
    {
        DbConnection connection = place.Connection is { } server
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString)
            : new SqliteConnection($"Data Source={place.File};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}

internal static class FileModes
{
    /// <summary>As chmod takes it. On Windows, which keeps none, the answer is what the tests hope for.</summary>
    public static string Of(string path) => OperatingSystem.IsWindows() ? "600" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
