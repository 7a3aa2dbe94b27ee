using Bifrost.Storage.Databases;
using Microsoft.Extensions.Logging;

namespace Bifrost.Storage.Migrations;

/// <summary>Brings a database to the schema of this program, or of another version.</summary>
internal sealed partial class SchemaUpdate(Database database, ILogger<SchemaUpdate> log)
{
    // The folders are named after the product, without its capitals.
    private readonly string _folder = database.Name == "SQLite" ? "Sqlite" : "Postgres";

    public async Task ToNewestAsync(CancellationToken cancel)
    {
        var wanted = SchemaScripts.Names(_folder);
        var there = await database.ReadAsync(database.MigrationsAsync, cancel);
        RefuseNewer(there, wanted);
        if (there.Count < wanted.Count)
        {
            await ToAsync(wanted[^1], cancel);
        }
    }

    /// <param name="migration">The last one to be there, or <c>0</c>.</param>
    /// <param name="cancel">Stops it; then nothing has changed.</param>
    public async Task ToAsync(string migration, CancellationToken cancel)
    {
        var known = SchemaScripts.Names(_folder);
        var last = migration == "0" ? -1 : known.IndexOf(migration);
        if (last < 0 && migration != "0")
        {
            throw new StoreOpenException($"There is no migration {migration}. There are: 0, {string.Join(", ", known)}.");
        }

        // Everything or nothing: both databases change tables inside transactions.
        await database.AloneAsync(
            async session =>
            {
                await database.RequireAsync(session);
                var there = await database.MigrationsAsync(session);
                RefuseNewer(there, known);
                foreach (var name in known.Take(last + 1).Except(there))
                {
                    await session.ExecuteAsync(SchemaScripts.Text(_folder, name, back: false));
                    Applied(database.Name, name);
                }

                foreach (var name in known.Skip(last + 1).Intersect(there).Reverse())
                {
                    await session.ExecuteAsync(SchemaScripts.Text(_folder, name, back: true));
                    TakenBack(database.Name, name);
                }

                return true;
            },
            cancel
        );
    }

    private void RefuseNewer(List<string> there, List<string> known)
    {
        if (there.Except(known).LastOrDefault() is { } newer)
        {
            throw new StoreOpenException(
                $"The {database.Name} database was written by a newer version of Bifrost: it has the migration {newer}, and this program knows none after "
                    + $"{known[^1]}. Start the newer version, or take the database back as docs/migrations.md says."
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Database}: migration {Name} applied.")]
    private partial void Applied(string database, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Database}: migration {Name} taken back.")]
    private partial void TakenBack(string database, string name);
}
