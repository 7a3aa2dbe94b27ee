using System.Data.Common;
using System.Text;
using Bifrost.Governance.Stores;

namespace Bifrost.Storage.Databases;

/// <summary>Statements about objects that both databases understand.</summary>
internal static class ObjectSql
{
    public const string Load = "SELECT kind, id, json, file_hash FROM objects ORDER BY kind, id";

    public const string LoadKind = "SELECT id, json, file_hash FROM objects WHERE kind = @kind ORDER BY id";

    public const string OnObject = """
        ON CONFLICT (kind, id) DO UPDATE SET
            json = excluded.json, file_hash = excluded.file_hash, version = objects.version + 1, updated_at = excluded.updated_at
        """;

    public static string Text(StoredObject thing) => Encoding.UTF8.GetString(thing.Json.Span);

    public static StoredObject Read(DbDataReader reader) =>
        // There are few kinds and many objects.
        Read(string.Intern(reader.GetString(0)), reader, 1);

    /// <summary>The columns of <see cref="LoadKind"/>, or the same ones further on.</summary>
    public static StoredObject Read(string kind, DbDataReader reader, int first = 0) =>
        new(
            kind,
            reader.GetString(first),
            reader.GetFieldValue<byte[]>(first + 1),
            reader.IsDBNull(first + 2) ? null : reader.GetString(first + 2)
        );
}
