using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bifrost.Governance.Stores;
using Bifrost.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Bifrost.Storage.Tests;

public sealed class OutageTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_goes_away_is_told_of_and_forgotten_when_it_is_back(bool silently)
    {
        await using var place = await StorePlace.FreshAsync(DatabaseKind.Postgres);
        var parts = new NpgsqlConnectionStringBuilder(place.Connection);
        await using var wire = new CuttableWire(parts.Port);
        parts.Port = wire.Port;
        await using var store = await OpenAsync(
            PostgresSettings.FromConnectionString(parts.ConnectionString) with
            {
                Patience = Patience,
            },
            place
        );
        Assert.True(await store.PingAsync(None));

        if (silently)
        {
            wire.GoSilent();
        }
        else
        {
            wire.Cut();
        }

        await FailsInTimeAsync(store);

        wire.Mend();
        await store.Ledger.AppendAsync(Calls.Batch(new(1, 1), Calls.Settled(Calls.Full())), None);
        Assert.True(await store.PingAsync(None));
        Assert.Single((await store.Ledger.EntriesAsync(new LedgerQuery(), None)).Entries);
    }

    [Fact]
    public async Task A_file_that_somebody_else_has_locked_is_told_of_and_forgotten_when_it_is_free()
    {
        await using var place = await StorePlace.FreshAsync(DatabaseKind.Sqlite);
        await using var store = await OpenAsync(place.Settings with { Patience = Patience }, place);
        await using (var other = await Raw.OpenAsync(place))
        {
            await using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync(None);

            var watch = Stopwatch.StartNew();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(store));
            Assert.True(watch.Elapsed < Enough);
            // Reading goes on all the while.
            Assert.True(await store.PingAsync(None));
        }

        await AppendAsync(store);
    }

    [Fact]
    public async Task A_server_that_refuses_connections_fails_the_start_in_time()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();

        await StartFailsAsync(port);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_fails_the_start_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        await StartFailsAsync(((IPEndPoint)silent.LocalEndpoint).Port);
    }

    [Fact]
    public async Task A_file_that_is_no_database_fails_the_start_and_is_left_as_it_is()
    {
        await using var place = await StorePlace.FreshAsync(DatabaseKind.Sqlite);
        var text = new string('x', 10_000);
        await File.WriteAllTextAsync(place.File, text, None);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => place.OpenAsync());
        Assert.Equal(text, await File.ReadAllTextAsync(place.File, None));
    }

    [Fact]
    public async Task The_file_is_for_its_owner_alone_and_so_are_its_companions()
    {
        await using var place = await StorePlace.FreshAsync(DatabaseKind.Sqlite);
        await using var store = await place.OpenAsync();
        await AppendAsync(store);

        var files = Directory.GetFiles(place.Folder, "config.db*");
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.Equal("600", FileModes.Of(file)));
    }

    private static async Task FailsInTimeAsync(GatewayStore store)
    {
        var watch = Stopwatch.StartNew();
        Assert.False(await store.PingAsync(None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(store));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Objects.LoadAsync(None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Ledger.EntriesAsync(new LedgerQuery(), None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.Objects.SaveAsync([new(new StoredObject("team", "t", "{}"u8.ToArray(), null))], None)
        );
        Assert.True(watch.Elapsed < 5 * Enough, $"Five answers took {watch.Elapsed}.");
    }

    private static async Task StartFailsAsync(int port)
    {
        await using var place = await StorePlace.FreshAsync(DatabaseKind.Sqlite);
        var settings = PostgresSettings.To("127.0.0.1", port, "somebody", "pa55word", "db", "disable") with { Patience = Patience };

        var watch = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync(settings, place));
        Assert.True(watch.Elapsed < Enough);
        Assert.DoesNotContain("pa55word", failure.ToString(), StringComparison.Ordinal);
    }

    private static Task AppendAsync(GatewayStore store) =>
        store.Ledger.AppendAsync(Calls.Batch(new(1, 1), Calls.Settled(Calls.Bare())), None);

    private static Task<GatewayStore> OpenAsync(StoreSettings settings, StorePlace place) =>
        GatewayStore.OpenAsync(settings, place.Sealing(), TimeProvider.System, NullLoggerFactory.Instance, None);
}
