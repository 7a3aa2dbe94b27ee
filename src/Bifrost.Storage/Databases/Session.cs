using System.Data.Common;

namespace Bifrost.Storage.Databases;

/// <summary>A connection for the length of one piece of work, inside a transaction when it writes.</summary>
internal sealed class Session(DbConnection connection, DbTransaction? transaction, TimeSpan patience, CancellationToken cancel)
{
    public DbConnection Connection => connection;

    public CancellationToken Cancel => cancel;

    public DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        // Every caller's text is a constant or one of our own scripts; values are parameters.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        command.CommandTimeout = Math.Max(1, (int)patience.TotalSeconds);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<object?> ScalarAsync(string sql, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancel);
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        var rows = new List<T>();
        await EachAsync(sql, reader => rows.Add(read(reader)), values);
        return rows;
    }

    public async Task EachAsync(string sql, Action<DbDataReader> see, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            see(reader);
        }
    }
}
