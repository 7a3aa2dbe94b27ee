using System.Net;
using Bifrost.Testing;
using Bifrost.Testing.Stores;

namespace Bifrost.Money.Tests;

/// <summary>A hard dollar buys a hundred calls at a cent each, whatever happens meanwhile.</summary>
public sealed class HardDollarTests
{
    private const string Dollar = """
        "budget": {"max_limit": 1, "reset_duration": "never", "enforcement": "hard"}
        """;

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Of_a_thousand_at_once_exactly_a_hundred_are_served(DatabaseKind database)
    {
        // Longer than all thousand take to arrive, so that no call makes room for another.
        await using var house = await House.OpenAsync(database, () => Task.Delay(500));
        var key = await house.KeyAsync(Dollar);

        var answers = await CallAsync(house, key.Value, 0, 1000);

        Assert.Equal((100, 900), (answers.Count(a => a == HttpStatusCode.OK), answers.Count(a => a == HttpStatusCode.PaymentRequired)));
        Assert.Equal(100, house.Main.Reached.Count);
        await IsSpentAsync(house, key.Id, 100);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task A_restart_in_the_middle_lets_none_more_through(DatabaseKind database)
    {
        var gate = new TaskCompletionSource();
        await using var house = await House.OpenAsync(database, () => gate.Task);
        var key = await house.KeyAsync(Dollar);
        var first = CallAsync(house, key.Value, 0, 50);
        await Eventually.IsTrueAsync(() => house.Main.Reached.Count == 50);

        var stopping = house.TerminateAsync();
        gate.SetResult();
        await stopping;
        Assert.All(await first, answer => Assert.Equal(HttpStatusCode.OK, answer));
        await house.StartAsync();
        var second = await CallAsync(house, key.Value, 50, 950);

        Assert.Equal((50, 900), (second.Count(a => a == HttpStatusCode.OK), second.Count(a => a == HttpStatusCode.PaymentRequired)));
        Assert.Equal(100, house.Main.Reached.Count);
        await IsSpentAsync(house, key.Id, 100);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task A_death_in_the_middle_lets_none_more_through(DatabaseKind database)
    {
        var gate = new TaskCompletionSource();
        await using var house = await House.OpenAsync(database, () => gate.Task);
        var key = await house.KeyAsync(Dollar);
        var first = CallAsync(house, key.Value, 0, 50);
        await Eventually.IsTrueAsync(() => house.Main.Reached.Count >= 30);

        await house.KillAsync();
        gate.SetResult();
        Assert.All(await first, Assert.Null);
        await house.StartAsync();
        var before = house.Main.Reached.Count;
        var second = await CallAsync(house, key.Value, 50, 950);

        // What was written down and never sent is charged as well: nobody can know any more.
        var served = second.Count(a => a == HttpStatusCode.OK);
        Assert.Equal(before + served, house.Main.Reached.Count);
        Assert.InRange(house.Main.Reached.Count, 50 + before, 100);
        Assert.Equal(950 - served, second.Count(a => a == HttpStatusCode.PaymentRequired));
        await IsSpentAsync(house, key.Id, 100);
    }

    private static Task<HttpStatusCode?[]> CallAsync(House house, string key, int first, int count) =>
        Task.WhenAll(Enumerable.Range(first, count).Select(number => house.ChatAsync(key, "openai/penny", number)));

    private static async Task IsSpentAsync(House house, string keyId, int cents)
    {
        Assert.All(house.Main.Reached.Values, times => Assert.Equal(1, times));
        Assert.Equal(cents / 100m, await house.SpentAsync(keyId));
        var books = new Books(house.Api);
        await Eventually.IsTrueAsync(async () => (await books.LedgerAsync()).Count >= cents);
        var ledger = await books.LedgerAsync();
        Assert.Equal((cents, cents / 100m), (ledger.Count, ledger.Sum(entry => entry.Sums.Cost)));
    }
}
