using Bifrost.Governance.Stores;
using Bifrost.Storage.Migrations;
using Bifrost.Storage.Schema;
using Bifrost.Testing.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Bifrost.Storage.Tests;

public sealed class SqliteMigrationTests() : MigrationTests(DatabaseKind.Sqlite);

public sealed class PostgresMigrationTests() : MigrationTests(DatabaseKind.Postgres);

public abstract class MigrationTests(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Newest = SchemaScripts.Names("Sqlite")[^1];
    private StorePlace _place = null!;

    public async ValueTask InitializeAsync() => _place = await StorePlace.FreshAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Up_down_and_up_again_each_step_and_the_store_works()
    {
        await using (var store = await _place.OpenAsync())
        {
            await UseAsync(store);
        }

        string[] steps = ["0", .. SchemaScripts.Names("Sqlite")];
        foreach (var step in steps.Reverse())
        {
            await MigrateAsync(step);
        }

        Assert.Equal("0", $"{await Raw.ScalarAsync(_place, """SELECT count(*) FROM "__EFMigrationsHistory" """)}");
        Assert.Equal("0", $"{await Raw.ScalarAsync(_place, TablesSql)}");
        foreach (var step in steps)
        {
            await MigrateAsync(step);
        }

        await using var again = await _place.OpenAsync();
        Assert.Empty(await again.Objects.LoadAsync(None));
        await UseAsync(again);
    }

    [Fact]
    public async Task The_program_and_EF_Core_agree_on_what_is_applied()
    {
        await using (await _place.OpenAsync()) { }

        await using StoreContext context = _place.Connection is { } server
            ? PostgresStoreContext.For(NpgsqlDataSource.Create(server + ";Pooling=false"))
            : SqliteStoreContext.For($"Data Source={_place.File};Pooling=False");
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(None));
    }

    [Fact]
    public async Task Many_that_start_at_once_migrate_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _place.OpenAsync()));
        foreach (var store in stores)
        {
            await UseAsync(store);
            await store.DisposeAsync();
        }

        Assert.Equal(
            $"{SchemaScripts.Names("Sqlite").Count}",
            $"{await Raw.ScalarAsync(_place, """SELECT count(*) FROM "__EFMigrationsHistory" """)}"
        );
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await using (await _place.OpenAsync()) { }
        await Raw.ScalarAsync(_place, """INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Future', '99.0')""");

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => _place.OpenAsync());
        Assert.Contains("29990101000000_Future", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("docs/migrations.md", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreOpenException>(() => MigrateAsync("0"));
        Assert.Equal(
            $"{SchemaScripts.Names("Sqlite").Count + 1}",
            $"{await Raw.ScalarAsync(_place, """SELECT count(*) FROM "__EFMigrationsHistory" """)}"
        );
    }

    [Fact]
    public async Task A_migration_that_does_not_exist_is_refused_with_those_that_do()
    {
        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => MigrateAsync("20200101000000_Wrong"));

        Assert.Contains(Newest, refusal.Message, StringComparison.Ordinal);
    }

    private string TablesSql =>
        kind == DatabaseKind.Sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
            : "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_EF%'";

    private Task MigrateAsync(string migration) => GatewayStore.MigrateAsync(_place.Settings, migration, NullLoggerFactory.Instance, None);

    private static async Task UseAsync(GatewayStore store)
    {
        await store.Objects.SaveAsync([new(new StoredObject("team", "t", "{}"u8.ToArray(), null))], None);
        await store.Ledger.AppendAsync(Calls.Batch(new JournalPosition(1, 1), Calls.Settled(Calls.Full())), None);
        Assert.NotEmpty((await store.Ledger.EntriesAsync(new LedgerQuery(), None)).Entries);
    }
}
