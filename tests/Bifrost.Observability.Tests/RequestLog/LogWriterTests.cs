using Bifrost.Observability.RequestLog;
using Bifrost.Testing;

namespace Bifrost.Observability.Tests.RequestLog;

public sealed class LogWriterTests
{
    [Fact]
    public async Task While_the_store_is_down_rows_wait_and_come_when_it_is_back()
    {
        await using var log = new ALog(new AStore { IsDown = true });
        log.Take(100);
        await Eventually.IsTrueAsync(() => !log.Log.StoreIsWell && log.Store.Appends > 3);
        log.Take(100);
        Assert.Empty(await log.Store.RowsAsync());
        Assert.Equal((200, 0L), (log.Log.QueuedRows, log.Log.Drops.Rows));

        log.Store.IsDown = false;
        await log.FlushAsync();

        Assert.Equal(200, (await log.Store.RowsAsync()).Count);
        Assert.True(log.Log.StoreIsWell);
        Assert.Equal(0, log.Log.Drops.Rows + log.Log.Drops.Contents);
    }

    [Fact]
    public async Task A_row_that_the_store_minds_is_lost_alone()
    {
        var store = new AStore { Waits = true, Minds = row => row.AskedModel == "bad" };
        await using var log = new ALog(store);
        log.Take(37);
        log.Take(new AnEndedExchange { AskedModel = "bad" });
        log.Take(62);

        store.Open();
        await log.FlushAsync();

        Assert.Equal(99, (await store.RowsAsync()).Count);
        Assert.Equal((1, 1), (log.Log.Drops.Rows, log.Log.Drops.RowsBy(LogDropReason.Refused)));
        Assert.Equal(0, log.Log.Drops.Contents);
    }

    [Fact]
    public async Task Content_that_the_store_minds_is_lost_and_its_row_is_not()
    {
        var store = new AStore { Waits = true, MindsContent = content => content.SearchText.Contains("bad", StringComparison.Ordinal) };
        await using var log = new ALog(store);
        log.Take(5);
        log.Take(new AnEndedExchange { GivenId = "it", Answer = "bad words" });
        log.Take(5);

        store.Open();
        await log.FlushAsync();

        var rows = await store.RowsAsync();
        Assert.Equal((11, 10), (rows.Count, rows.Count(r => r.HasPayload)));
        Assert.False(rows.Single(r => r.Id.StartsWith("it~", StringComparison.Ordinal)).HasPayload);
        Assert.Equal((0, 1), (log.Log.Drops.Rows, log.Log.Drops.ContentsBy(LogDropReason.Refused)));
    }

    [Fact]
    public async Task A_store_that_hangs_is_asked_again()
    {
        var store = new AStore { Waits = true };
        await using var log = new ALog(store, ALog.Quick with { StorePatience = TimeSpan.FromMilliseconds(30) });
        log.Take(2);

        await Eventually.IsTrueAsync(() => store.Appends >= 2);
        store.Open();
        await log.FlushAsync();

        // Nothing twice, although the first try may have been half done.
        Assert.Equal(2, (await store.RowsAsync()).Count);
    }

    [Fact]
    public async Task Many_rows_go_in_few_batches()
    {
        var store = new AStore { Waits = true };
        await using var log = new ALog(store, ALog.Quick with { BatchRows = 100 });
        log.Take(1000);

        store.Open();
        await log.FlushAsync();

        Assert.Equal(1000, (await store.RowsAsync()).Count);
        Assert.InRange(store.Appends, 10, 12);
    }
}
