using System.Diagnostics;
using System.Globalization;
using Bifrost.Observability.RequestLog;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;

namespace Bifrost.Money.Tests;

/// <summary>The database of settings, ledger and log goes away under load, for <c>BIFROST_OUTAGE_SECONDS</c>.</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int Callers = 8;
    private const int QueuedRows = 300;

    [Fact]
    public async Task No_call_fails_while_the_database_is_gone_and_all_is_caught_up_after()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("BIFROST_OUTAGE_SECONDS") ?? "4", CultureInfo.InvariantCulture);
        await using var postgres = await OwnPostgres.StartAsync();
        await using var provider = await MeteredUpstream.StartAsync(_ => Task.Delay(5));
        await using var gateway = await AGateway
            .Governed()
            .Provider("openai", provider)
            .LogQueue(new RequestLogOptions { MaxRows = QueuedRows })
            .StartAsync(StorePlace.On(postgres.Connection));
        var books = new Books(gateway.Api);
        var made = await gateway.Api.MakeAsync(
            "virtual-keys",
            """
            {"name": "a", "budget": {"max_limit": 1000000, "reset_duration": "never"}}
            """
        );
        var calls = new Calls(gateway, (string)made["value"]!);
        var calling = calls.RunAsync();
        await Eventually.IsTrueAsync(() => calls.Served > 50, TimeSpan.FromSeconds(10));

        await postgres.StopAsync();
        var before = calls.Served;
        var outage = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        // The gap is told while it lasts.
        await Eventually.IsTrueAsync(async () => (long)(await books.DropsAsync())["dropped_requests"]! > 0, TimeSpan.FromSeconds(30));
        Assert.True(await books.MetricAsync("bifrost_log_dropped_rows_total") > 0);
        Assert.Equal(QueuedRows, await books.MetricAsync("bifrost_log_queue_rows"));
        Assert.True(await books.MetricAsync("bifrost_ledger_behind_calls") > 0);
        var during = calls.Served - before;
        outage.Stop();
        await postgres.StartAgainAsync();
        var back = Stopwatch.StartNew();
        await Task.Delay(500);
        calls.Stop();
        await calling;

        Assert.Empty(calls.Failures);
        Assert.True(during > 100, $"Only {during} calls were served without the database.");
        await Eventually.IsTrueAsync(
            async () => await books.MetricAsync("bifrost_ledger_behind_calls") + await books.MetricAsync("bifrost_log_queue_rows") == 0,
            TimeSpan.FromSeconds(40)
        );
        var sum = await Agreement.ReachedAsync(books, TimeSpan.FromSeconds(40));
        back.Stop();
        var ledger = await books.LedgerAsync();
        Assert.Equal(calls.Served, ledger.Count);
        Assert.Equal(calls.Served, provider.Seen.Count);
        Assert.Equal(calls.Served, ledger.Select(entry => entry.RequestId).Distinct().Count());
        Assert.Equal(sum, await books.MetricsAsync());
        var spent = (decimal)
            (await gateway.Api.ReadAsync("virtual-keys", (string)made["id"]!, fromMemory: true))["budget"]!["current_usage"]!;
        Assert.Equal(sum.Cost, spent);
        // What was dropped is exactly what was made again.
        var again = (await books.RowsAsync()).Count(row => row.Recovered);
        await Eventually.IsTrueAsync(async () => (int)(await books.DropsAsync())["recovered_requests"]! == again);
        var drops = await books.DropsAsync();
        Assert.Equal(again, (int)drops["dropped_requests"]!);
        Assert.Equal((int)drops["dropped_requests"]!, (int)drops["by_reason"]!["queue_full"]!["requests"]!);
        output.WriteLine(
            $"{outage.Elapsed.TotalSeconds:0.0} s without the database: {during} calls served, none failed; {again} rows dropped and made again; "
                + $"all caught up {back.Elapsed.TotalSeconds:0.0} s after it was back; {sum}"
        );
    }

    private sealed class Calls(GovernedGateway gateway, string key)
    {
        private readonly List<string> _failures = [];
        private volatile bool _stopped;
        private int _served;

        public int Served => _served;

        public IReadOnlyList<string> Failures => _failures;

        public void Stop() => _stopped = true;

        public Task RunAsync() =>
            Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => RunAsync(caller % 2 == 0 ? "openai/penny" : "openai/metered")));

        private async Task RunAsync(string model)
        {
            while (!_stopped)
            {
                var answer = await gateway.AskAsync(key, model);
                if (answer.Status == 200)
                {
                    Interlocked.Increment(ref _served);
                    continue;
                }

                lock (_failures)
                {
                    _failures.Add($"{answer.Status}: {answer.Text}");
                }
            }
        }
    }
}
