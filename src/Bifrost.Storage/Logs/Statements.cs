using System.Data.Common;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs;

/// <summary>Statements that are made once and executed for many rows. Parameters are named by their place: <c>@p0</c>.</summary>
internal static class Statements
{
    public static string Insert(string verb, string table, IReadOnlyList<string> columns) =>
        $"{verb} INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, at) => $"@p{at}"))})";

    public static DbCommand Prepared(Session session, string sql, int parameters)
    {
        var command = session.Command(sql);
        for (var at = 0; at < parameters; at++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{at}";
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static void Bind(DbCommand command, object?[] values)
    {
        for (var at = 0; at < values.Length; at++)
        {
            command.Parameters[at].Value = values[at] ?? DBNull.Value;
        }
    }
}
