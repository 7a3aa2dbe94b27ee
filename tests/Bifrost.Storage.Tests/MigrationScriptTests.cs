using Bifrost.Storage.Migrations;
using Bifrost.Storage.Schema;
using Bifrost.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Bifrost.Storage.Tests;

/// <summary>The program runs SQL files. These tests hold them to what EF Core makes of the migrations. With <c>BIFROST_WRITE_SCRIPTS=1</c> they write them.</summary>
public sealed class MigrationScriptTests
{
    public static TheoryData<string> Folders => ["Sqlite", "Postgres"];

    [Theory, MemberData(nameof(Folders))]
    public async Task The_migrations_say_all_that_the_model_says(string folder)
    {
        await using var context = ContextOf(folder);

        Assert.False(context.Database.HasPendingModelChanges(), "The model has changed: add a migration (docs/migrations.md).");
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task Every_script_is_what_EF_Core_writes_for_its_migration(string folder)
    {
        await using var context = ContextOf(folder);
        var migrator = context.GetService<IMigrator>();
        var before = Migration.InitialDatabase;
        foreach (var name in context.Database.GetMigrations())
        {
            Same(folder, $"{name}.up.sql", migrator.GenerateScript(before, name, MigrationsSqlGenerationOptions.NoTransactions));
            Same(folder, $"{name}.down.sql", migrator.GenerateScript(name, before, MigrationsSqlGenerationOptions.NoTransactions));
            before = name;
        }
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task The_program_carries_every_migration(string folder)
    {
        await using var context = ContextOf(folder);

        Assert.Equal(context.Database.GetMigrations(), SchemaScripts.Names(folder));
    }

    [Fact]
    public async Task Both_databases_have_the_same_migrations()
    {
        await using var sqlite = ContextOf("Sqlite");
        await using var postgres = ContextOf("Postgres");

        Assert.Equal(sqlite.Database.GetMigrations(), postgres.Database.GetMigrations());
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task Every_column_of_the_ledger_is_written(string folder)
    {
        await using var context = ContextOf(folder);
        var columns = context.Model.FindEntityType(typeof(LedgerRow))!.GetProperties().Select(property => property.GetColumnName());

        Assert.Equal(columns.Order(), LedgerColumns.All.Select(column => column.Name).Order());
    }

    private static void Same(string folder, string file, string wanted)
    {
        var path = Sources.PathOf($"src/Bifrost.Storage/Migrations/{folder}/{file}");
        var text = wanted.ReplaceLineEndings("\n").Trim() + "\n";
        if (Environment.GetEnvironmentVariable("BIFROST_WRITE_SCRIPTS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is not there. Run these tests with BIFROST_WRITE_SCRIPTS=1 and build again.");
        Assert.Equal(text, File.ReadAllText(path));
    }

    private static StoreContext ContextOf(string folder) =>
        folder == "Sqlite"
            ? SqliteStoreContext.For("Data Source=:memory:")
            : PostgresStoreContext.For(NpgsqlDataSource.Create("Host=localhost"));
}
