using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests.Logs;

public sealed class LogReaderTests
{
    [Fact]
    public async Task No_reader_waits_for_who_writes_not_even_a_new_one()
    {
        await using var log = await LogPlace.FreshAsync(DatabaseKind.Sqlite);
        await log.Store.AppendAsync([SomeRows.Bare("a")], [], CancellationToken.None);
        await using var other = await Raw.OpenAsync(log.Place);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        // More at once than are kept open. Whoever waits for the writer does so for 5 s.
        var found = await Task.WhenAll(
                Enumerable.Range(0, 40).Select(_ => Task.Run(() => log.Store.FindAsync("a", CancellationToken.None)))
            )
            .WaitAsync(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);

        Assert.All(found, row => Assert.Equal("a", row?.Id));
    }
}
