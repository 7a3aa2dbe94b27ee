using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bifrost.Testing;
using Bifrost.Testing.Stores;

namespace Bifrost.Money.Tests;

/// <summary>The gateway is killed at random moments, again and again, while calls run. <c>BIFROST_KILLS</c> says how often.</summary>
public sealed class SqliteKillTests(ITestOutputHelper output)
{
    [Fact]
    public Task Every_call_that_reached_the_provider_is_in_the_ledger_once() => Killing.RunAsync(DatabaseKind.Sqlite, output);
}

/// <inheritdoc cref="SqliteKillTests"/>
public sealed class PostgresKillTests(ITestOutputHelper output)
{
    [Fact]
    public Task Every_call_that_reached_the_provider_is_in_the_ledger_once() => Killing.RunAsync(DatabaseKind.Postgres, output);
}

internal static class Killing
{
    private const int Callers = 12;
    private static readonly string[] Models = ["openai/penny", "openai/metered", "openai/mute", "openai/hangs-up"];

    public static async Task RunAsync(DatabaseKind database, ITestOutputHelper output)
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("BIFROST_KILLS") ?? "10", CultureInfo.InvariantCulture);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        await using var house = await House.OpenAsync(database);
        var key = await house.KeyAsync(
            """
            "budget": {"max_limit": 1000000, "reset_duration": "never"}
            """
        );
        var calls = new Calls(house, key.Value);
        for (var kill = 1; kill <= kills; kill++)
        {
            var reached = house.Main.Reached.Count;
            var under = calls.RunAsync(random.Next());
            // At any moment from the first call that comes through.
            await Eventually.IsTrueAsync(() => house.Main.Reached.Count > reached, TimeSpan.FromSeconds(20));
            await Task.Delay(random.Next(400));
            await house.KillAsync();
            await under;
            await house.StartAsync();
            await AgreesAsync(house, key.Id, $"after kill {kill} of {kills}, seed {seed}");
        }

        var books = new Books(house.Api);
        var ledger = await books.LedgerAsync();
        await Agreement.ReachedAsync(books);
        var recovered = (await books.RowsAsync()).Count(row => row.Recovered);
        output.WriteLine(
            $"{database}: {kills} kills, {calls.Made} calls, {house.Main.Reached.Count} reached the provider, {ledger.Count} entries "
                + $"({ledger.Count(entry => entry.Outcome == "recovered")} of calls that were under way), {recovered} log rows made again, "
                + $"{watch.Elapsed.TotalSeconds:0} s."
        );
        Assert.True(house.Main.Reached.Count > 10 * kills, "There was hardly any load.");
    }

    private static async Task AgreesAsync(House house, string keyId, string when)
    {
        var ledger = await new Books(house.Api).LedgerAsync();
        var times = ledger
            .GroupBy(entry => int.Parse(entry.Given, CultureInfo.InvariantCulture))
            .ToDictionary(call => call.Key, call => call.Count());
        foreach (var (call, reached) in house.Main.Reached)
        {
            Assert.True(reached == 1, $"Call {call} reached the provider {reached} times, {when}.");
            Assert.True(times.GetValueOrDefault(call) == 1, $"Call {call} is in the ledger {times.GetValueOrDefault(call)} times, {when}.");
        }

        Assert.All(times, call => Assert.True(call.Value == 1, $"Call {call.Key} is in the ledger {call.Value} times, {when}."));
        Assert.Equal(ledger.Sum(entry => entry.Sums.Cost), await house.SpentAsync(keyId));
    }

    /// <summary>Callers who call without a pause until nobody answers.</summary>
    private sealed class Calls(House house, string key)
    {
        private int _made;

        public int Made => _made;

        public Task RunAsync(int seed) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => RunAsync(new Random(seed + caller))));

        private async Task RunAsync(Random random)
        {
            while (true)
            {
                var number = Interlocked.Increment(ref _made);
                var request = house.Chat(key, Models[random.Next(Models.Length)], number, stream: random.Next(2) == 0);
                request.Headers.Add("x-request-id", number.ToString(CultureInfo.InvariantCulture));
                try
                {
                    using var response = await house.SendAsync(request);
                    Assert.NotEqual(HttpStatusCode.PaymentRequired, response.StatusCode);
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException)
                {
                    return;
                }
            }
        }
    }
}
