using System.Globalization;
using System.Reflection;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs;

/// <summary>
/// The log's tables, from version to version. Each step forward is a script, applied alone and whole; each has one beside it that takes it back, for whoever
/// must return to an older program. Which version a database has stands in the table <c>log_schema</c>.
/// </summary>
internal sealed class LogSchema(LogDatabase database)
{
    private readonly string _folder = database.Name == "SQLite" ? "Sqlite" : "Postgres";

    public static int Newest => 3;

    /// <param name="version">0 to <see cref="Newest"/>.</param>
    /// <param name="cancel">Stops it; then nothing has changed.</param>
    public Task ToAsync(int version, CancellationToken cancel) =>
        database.AloneAsync(
            async session =>
            {
                var there = await VersionAsync(session);
                if (there > Newest)
                {
                    throw new StoreOpenException(
                        $"The log in {database.Name} was written by a newer version of Bifrost: its schema is {there}, and this program knows {Newest}. "
                            + "Start the newer version, or take the log back as docs/migrations.md says."
                    );
                }

                for (var step = there + 1; step <= version; step++)
                {
                    await RunAsync(session, Text(step, "up"));
                }

                for (var step = there; step > version; step--)
                {
                    await RunAsync(session, Text(step, "down"));
                }

                await session.ExecuteAsync("DELETE FROM log_schema");
                await session.ExecuteAsync("INSERT INTO log_schema (version) VALUES (@version)", ("@version", version));
                return true;
            },
            cancel
        );

    public async Task ToNewestAsync(CancellationToken cancel)
    {
        var there = await database.ReadAsync(
            async session => await database.HasTableAsync(session, "log_schema") ? await ReadVersionAsync(session) : 0,
            cancel
        );
        if (there != Newest)
        {
            await ToAsync(Newest, cancel);
        }
    }

    // An index over a long log takes as long as it takes.
    private static async Task RunAsync(Session session, string script)
    {
        await using var command = session.Command(script);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(session.Cancel);
    }

    private static async Task<int> VersionAsync(Session session)
    {
        await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS log_schema (version integer NOT NULL)");
        return await ReadVersionAsync(session);
    }

    private static async Task<int> ReadVersionAsync(Session session)
    {
        return Convert.ToInt32(
            await session.ScalarAsync("SELECT max(version) FROM log_schema") is { } found and not DBNull ? found : 0,
            CultureInfo.InvariantCulture
        );
    }

    private string Text(int step, string direction)
    {
        var name = $"Logs/{_folder}-{step}.{direction}.sql";
        using var stream =
            typeof(LogSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
