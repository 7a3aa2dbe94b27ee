using Bifrost.Testing;
using Bifrost.Testing.Stores;

namespace Bifrost.Money.Tests;

/// <summary>Ledger, log rows, roll-ups and metrics agree after whatever may happen to calls, and after a death.</summary>
public sealed class SumTests(ITestOutputHelper output)
{
    private const int Callers = 24;
    private const int CallsBefore = 600;

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Sums_agree_everywhere_and_after_a_death(DatabaseKind database)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var house = await House.OpenAsync(database);
        var (key, id) = await house.KeyAsync(
            """
            "budget": {"max_limit": 1000000, "reset_duration": "never"}
            """
        );
        var books = new Books(house.Api);

        var mix = new Mix(house, key);
        await mix.RunAsync(seed, Callers, CallsBefore);
        await SettledAsync(books);
        var sum = await Agreement.ReachedAsync(books);
        Assert.Equal(sum, await books.MetricsAsync());
        Assert.Equal(sum.Cost, await house.SpentAsync(id));
        var ledger = await books.LedgerAsync();
        // The mix is worth its name: a failed target and the one after it were paid, and callers left.
        Assert.Contains(ledger.GroupBy(entry => entry.RequestId), call => call.Count() == 2);
        Assert.Contains(ledger, entry => entry.Outcome == "cancelled");
        Assert.Contains(ledger, entry => entry.Outcome == "failed");
        Assert.DoesNotContain(await books.RowsAsync(), row => row.Recovered);

        var under = mix.RunAsync(seed + 1, Callers, 100_000);
        await Task.Delay(1500);
        await house.KillAsync();
        await under;
        await house.StartAsync();
        var after = await Agreement.ReachedAsync(books);
        Assert.Equal(after.Cost, await house.SpentAsync(id));
        var rows = await books.RowsAsync();
        // Their rows were in the dead process's memory.
        Assert.Contains(rows, row => row.Recovered);
        await Eventually.IsTrueAsync(async () =>
            rows.Count(row => row.Recovered) == (int)(await books.DropsAsync())["recovered_requests"]!
        );
        Assert.Equal(default, await books.MetricsAsync());

        await mix.RunAsync(seed + 2, Callers, 100);
        await SettledAsync(books);
        var last = await Agreement.ReachedAsync(books);
        Assert.Equal(last, after + await books.MetricsAsync());
        output.WriteLine(
            $"{database}: {ledger.Count} entries before the death, {rows.Count} rows after it, {rows.Count(row => row.Recovered)} of them made again; {last}"
        );
    }

    /// <summary>A caller sees the end of its answer a moment before the gateway has settled it.</summary>
    private static Task SettledAsync(Books books) =>
        Eventually.IsTrueAsync(
            async () =>
                await books.MetricAsync("bifrost_reservations_open") + await books.MetricAsync("bifrost_ledger_behind_calls") == 0
                && await books.MetricAsync("bifrost_log_queue_rows") + await books.MetricAsync("bifrost_live_requests") == 0,
            TimeSpan.FromSeconds(10)
        );

    /// <summary>Callers of all kinds: patient ones and such as leave, at providers that serve, fail, break off and keep silent.</summary>
    private sealed class Mix(House house, string key)
    {
        private int _number;
        private int _left;

        public Task RunAsync(int seed, int callers, int calls)
        {
            _left = calls;
            return Task.WhenAll(Enumerable.Range(0, callers).Select(caller => RunAsync(new Random(seed + caller))));
        }

        private async Task RunAsync(Random random)
        {
            while (Interlocked.Decrement(ref _left) >= 0)
            {
                try
                {
                    await CallAsync(random);
                }
                catch (Exception gone) when (gone is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
                {
                    return;
                }
                catch (Exception broken) when (broken is HttpRequestException or IOException)
                {
                    // The provider broke off, or the gateway died.
                }
            }
        }

        private async Task CallAsync(Random random)
        {
            var number = Interlocked.Increment(ref _number);
            // Some callers give all their requests one name.
            var name = random.Next(3) == 0 ? "always-the-same" : null;
            switch (random.Next(10))
            {
                case 0:
                    await ReadAsync(house.Post(key, "/v1/responses", """{"model": "openai/metered", "input": "Hello"}"""));
                    break;
                case 1:
                    await ReadAsync(house.Post(key, "/v1/images/generations", """{"model": "openai/penny-picture", "prompt": "A cent"}"""));
                    break;
                case 2:
                    await ReadAsync(house.Chat(key, "openai/missing", number, stream: false, fallback: "other/metered"));
                    break;
                case 3:
                    await ReadAsync(house.Chat(key, "openai/unpriced", number, stream: random.Next(2) == 0));
                    break;
                case 4:
                    await LeaveAsync(number, random, name);
                    break;
                default:
                    var model = Pick(random, "penny", "metered", "metered", Provider.Hangs, Provider.Breaks, Provider.Mute, "broken");
                    var fallback = random.Next(2) == 0 ? "other/metered" : null;
                    using (var answer = await house.OpenChatAsync(key, $"openai/{model}", number, fallback, name))
                    {
                        await answer.Content.ReadAsStringAsync();
                    }

                    break;
            }
        }

        private async Task LeaveAsync(int number, Random random, string? name)
        {
            using var answer = await house.OpenChatAsync(key, $"openai/{Provider.Slow}", number, requestId: name);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.ReadAtLeastAsync(new byte[64], 1);
            await Task.Delay(random.Next(100));
        }

        private async Task ReadAsync(HttpRequestMessage request)
        {
            using var answer = await house.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (request.RequestUri!.AbsolutePath.EndsWith("/responses", StringComparison.Ordinal) && answer.IsSuccessStatusCode)
            {
                // A question after a job repeats its usage, and must not be counted again.
                var id = (string)System.Text.Json.Nodes.JsonNode.Parse(text)!["id"]!;
                var again = new HttpRequestMessage(HttpMethod.Get, new Uri(house.Api.Address, $"/v1/responses/{id}?provider=openai"));
                again.Headers.Add("x-bf-vk", key);
                using var asked = await house.SendAsync(again);
                Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
            }
        }

        private static string Pick(Random random, params string[] any) => any[random.Next(any.Length)];
    }
}
