using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Testing;

namespace Bifrost.Observability.Tests.RequestLog;

public sealed class RequestLogTests
{
    [Fact]
    public async Task Every_exchange_is_a_row_with_what_was_said_beside_it()
    {
        await using var log = new ALog();
        log.Take(new AnEndedExchange { Answer = """{"choices":[{"message":{"content":"hello there"}}]}""" });

        var content = await log.OnlyContentAsync();

        Assert.Equal(new AnEndedExchange().Body, content!.Value.Request);
        Assert.Contains("hello there", content.Value.Answer, StringComparison.Ordinal);
        Assert.Equal("hi\nhello there", content.Value.Payload.SearchText);
        Assert.False(content.Value.Payload.Truncated);
    }

    [Fact]
    public async Task What_is_too_much_for_the_queue_is_dropped_content_first_and_all_of_it_is_counted()
    {
        var store = new AStore { Waits = true };
        await using var log = new ALog(store, ALog.Quick with { MaxRows = 50, MaxContentBytes = 10_000 });
        log.Take(200, new AnEndedExchange { Answer = new string('a', 300) + " and so on" });

        // What is being written counts as waiting.
        Assert.Equal((50, 150), (log.Log.QueuedRows, log.Log.Drops.Rows));
        Assert.InRange(log.Log.QueuedContentBytes, 1, 10_000);
        Assert.True(log.Log.Drops.Contents > 0);
        Assert.Equal(log.Log.Drops.Rows, log.Log.Drops.RowsBy(LogDropReason.QueueFull));
        Assert.Equal(log.Log.Drops.Contents, log.Log.Drops.ContentsBy(LogDropReason.QueueFull));

        store.Open();
        await log.FlushAsync();
        var rows = await store.RowsAsync();
        Assert.Equal(50, rows.Count);
        // No row is lost for want of room for content, and every content that is not there was counted.
        Assert.Equal(50, rows.Count(r => r.HasPayload) + log.Log.Drops.Contents);
        Assert.Equal((0, 0L), (log.Log.QueuedRows, log.Log.QueuedContentBytes));
    }

    [Fact]
    public async Task When_there_is_room_again_content_is_kept_again()
    {
        var store = new AStore { Waits = true };
        await using var log = new ALog(store, ALog.Quick with { MaxContentBytes = 5_000 });
        log.Take(20, new AnEndedExchange { Answer = "many words" });
        var lost = log.Log.Drops.Contents;
        Assert.True(lost > 0);
        store.Open();
        await log.FlushAsync();

        log.Take(new AnEndedExchange { Answer = "one more" });
        await log.FlushAsync();

        Assert.Equal(lost, log.Log.Drops.Contents);
        Assert.True((await store.RowsAsync())[^1].HasPayload);
    }

    [Fact]
    public async Task Nothing_is_lost_from_many_threads()
    {
        await using var log = new ALog();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => log.Take(500))));

        await log.FlushAsync();

        var rows = await log.Store.RowsAsync();
        Assert.Equal((4000, 0L), (rows.Count, log.Log.Drops.Rows + log.Log.Drops.Contents));
        Assert.Equal(4000, rows.Select(r => r.Id).Distinct().Count());
        Assert.Equal((0, 0L), (log.Log.QueuedRows, log.Log.QueuedContentBytes));
    }

    [Fact]
    public async Task Rows_are_written_without_anybody_asking()
    {
        await using var log = new ALog();
        log.Take(3);

        await Eventually.IsTrueAsync(async () => (await log.Store.RowsAsync()).Count == 3);
    }

    [Fact]
    public async Task Flushing_an_idle_log_returns_at_once()
    {
        await using var log = new ALog();

        await log.FlushAsync();
        log.Take(1);
        await log.FlushAsync();
        await log.FlushAsync();

        await log.Store.OnlyAsync();
    }

    [Fact]
    public async Task Stopping_writes_what_waits_and_counts_what_comes_after()
    {
        var log = new ALog(options: ALog.Quick with { BatchDelay = TimeSpan.FromMinutes(1) });
        log.Take(10);

        await log.Log.StopAsync(CancellationToken.None);
        log.Take(2);

        Assert.Equal(10, (await log.Store.RowsAsync()).Count);
        Assert.Equal((2, 2), (log.Log.Drops.Rows, log.Log.Drops.RowsBy(LogDropReason.Stopped)));
    }

    [Fact]
    public async Task Stopping_does_not_sit_out_the_pause_before_the_next_try()
    {
        var log = new ALog(new AStore { IsDown = true }, ALog.Quick with { FirstRetry = TimeSpan.FromMinutes(10) });
        log.Take(10);
        await Eventually.IsTrueAsync(() => !log.Log.StoreIsWell);
        log.Store.IsDown = false;

        await log.Log.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((10, 0L), ((await log.Store.RowsAsync()).Count, log.Log.Drops.Rows));
    }

    [Fact]
    public async Task Stopping_in_a_hurry_while_the_store_is_down_loses_and_counts_the_rest()
    {
        var log = new ALog(new AStore { IsDown = true }, ALog.Quick with { BatchRows = 3 });
        log.Take(10);
        await Eventually.IsTrueAsync(() => log.Store.Appends > 0);
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await log.Log.StopAsync(hurry.Token);

        Assert.Equal(10, log.Log.Drops.RowsBy(LogDropReason.Stopped));
        Assert.Equal((0, 0L), (log.Log.QueuedRows, log.Log.QueuedContentBytes));
    }

    [Fact]
    public async Task The_same_id_given_by_callers_twice_makes_two_rows_and_both_are_found_by_it()
    {
        await using var log = new ALog();
        log.Take(2, new AnEndedExchange { GivenId = "my-id" });
        log.Take(new AnEndedExchange { GivenId = "my-id~1" });

        await log.FlushAsync();

        var rows = await log.Store.RowsAsync();
        Assert.Equal(3, rows.Select(r => r.Id).Distinct().Count());
        Assert.Equal(
            2,
            rows.Count(r => r.Id.StartsWith("my-id~", StringComparison.Ordinal) && !r.Id.StartsWith("my-id~1~", StringComparison.Ordinal))
        );
        Assert.NotNull(await log.Store.FindAsync("my-id", CancellationToken.None));
    }

    [Fact]
    public async Task A_new_configuration_holds_from_the_next_exchange_on()
    {
        await using var log = new ALog();
        log.Take(new AnEndedExchange { GivenId = "before" });
        var built = new AnEndedExchange { Client = new ClientConfig { Log = new LogConfig { Enabled = false } } }.Build(log.Log);
        log.Log.Settle(built);
        Assert.Null(built.AnswerCopy);

        Assert.StartsWith("before", (await log.OnlyRowAsync()).Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_watchers_see_is_what_is_written()
    {
        await using var log = new ALog(new AStore { IsDown = true });
        using var watcher = log.Log.Live.Watch(new());
        log.Take(new AnEndedExchange { GivenId = "seen" });

        // Before the store has it.
        var batch = await watcher.ReadAsync(10, new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        log.Store.IsDown = false;
        var row = await log.OnlyRowAsync();

        Assert.Equal(row, Assert.Single(batch.Rows));
    }
}
