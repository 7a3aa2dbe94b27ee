using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Bifrost.Storage.Databases;

/// <summary>A statement that is prepared once and run for many rows, by SQLite's own functions: through the ADO.NET provider each row costs some kilobytes
/// and most of the time (<c>LogWriterBenchmarks</c>). Runs within whatever transaction its connection is in. Not thread-safe.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = new byte[256];

    // Parameters that hold something, a bit for each: what is null and was null before need not be said again.
    private ulong _filled;

    /// <param name="session">On SQLite.</param>
    /// <param name="sql">Its parameters are filled by position, in the order in which they first stand there.</param>
    public SqliteStatement(Session session, string sql)
    {
        _database = ((SqliteConnection)session.Connection).Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <param name="at">From 1 on; at most 64.</param>
    /// <param name="value">Stays until another is bound.</param>
    public SqliteStatement Bind(int at, long? value) =>
        value is { } number ? Bound(at, raw.sqlite3_bind_int64(_statement, at, number)) : BindNull(at);

    /// <inheritdoc cref="Bind(int, long?)"/>
    public SqliteStatement Bind(int at, string? value) => value is null ? BindNull(at) : Bound(at, BindText(at, value));

    /// <inheritdoc cref="Bind(int, long?)"/>
    public SqliteStatement Bind(int at, ReadOnlySpan<byte> value) => Bound(at, BindBytes(at, value));

    /// <summary>Runs it with what is bound.</summary>
    /// <returns>Rows that were changed.</returns>
    public int Run()
    {
        Step();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Whether a row comes back, with what is bound.</summary>
    public bool HasRow()
    {
        var found = Step();
        while (found && Step()) { }

        return found;
    }

    /// <summary>Whether a row comes back whose first column is <paramref name="wanted"/>, with what is bound.</summary>
    public bool HasRow(ReadOnlySpan<byte> wanted)
    {
        var found = false;
        while (Step())
        {
            found = found || raw.sqlite3_column_blob(_statement, 0).SequenceEqual(wanted);
        }

        return found;
    }

    /// <summary>Fills the parameters from the first on, and runs it.</summary>
    /// <returns>Rows that were changed.</returns>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Fill(values);
        Step();
        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();

    private void Fill(ReadOnlySpan<object?> values)
    {
        // A failed run is told again here, and was told before.
        _ = raw.sqlite3_reset(_statement);
        for (var i = 0; i < values.Length; i++)
        {
            Check(BindValue(i + 1, values[i]));
        }

        _filled = ulong.MaxValue;
    }

    private bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        // Nothing may stay open when the transaction ends.
        Check(raw.sqlite3_reset(_statement));
        return false;
    }

    private int BindValue(int at, object? value) =>
        value switch
        {
            null or DBNull => raw.sqlite3_bind_null(_statement, at),
            long number => raw.sqlite3_bind_int64(_statement, at, number),
            int number => raw.sqlite3_bind_int64(_statement, at, number),
            bool truth => raw.sqlite3_bind_int64(_statement, at, truth ? 1 : 0),
            double number => raw.sqlite3_bind_double(_statement, at, number),
            string text => BindText(at, text),
            byte[] bytes => BindBytes(at, bytes),
            _ => throw new ArgumentException($"SQLite has no value for {value.GetType().Name}.", nameof(value)),
        };

    private SqliteStatement BindNull(int at)
    {
        var bit = 1UL << (at - 1);
        if ((_filled & bit) != 0)
        {
            Check(raw.sqlite3_bind_null(_statement, at));
            _filled &= ~bit;
        }

        return this;
    }

    private SqliteStatement Bound(int at, int code)
    {
        Check(code);
        _filled |= 1UL << (at - 1);
        return this;
    }

    private int BindBytes(int at, ReadOnlySpan<byte> bytes) =>
        // An empty span would be taken for null.
        bytes.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, at, 0)
            : raw.sqlite3_bind_blob(_statement, at, bytes);

    private int BindText(int at, string text)
    {
        if (text.Length == 0)
        {
            // An empty span would be taken for null.
            return raw.sqlite3_bind_text(_statement, at, "");
        }

        if (text.Length * 3 > _text.Length)
        {
            _text = new byte[text.Length * 3];
        }

        return raw.sqlite3_bind_text(_statement, at, _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text)));
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
