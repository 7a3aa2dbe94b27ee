using Bifrost.Observability.Live;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Observability.Tests.Live;

public sealed class LiveFeedTests
{
    private static readonly CancellationToken Soon = new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;
    private static readonly LogFilter All = new();

    [Fact]
    public async Task Everybody_who_watches_sees_every_row_in_order()
    {
        var feed = new LiveFeed();
        using var one = feed.Watch(All);
        using var two = feed.Watch(All);
        Publish(feed, 3);

        foreach (var watcher in new[] { one, two })
        {
            var batch = await watcher.ReadAsync(10, Soon);
            Assert.Equal(["r0", "r1", "r2"], batch.Rows.Select(r => r.Id));
            Assert.Equal(0, batch.Missed);
        }
    }

    [Fact]
    public async Task A_slow_watcher_misses_rows_and_is_told_how_many_once()
    {
        var feed = new LiveFeed();
        using var slow = feed.Watch(All, room: 4);
        using var quick = feed.Watch(All, room: 100);
        Publish(feed, 10);

        var first = await slow.ReadAsync(3, Soon);
        Publish(feed, 1, from: 10);
        var second = await slow.ReadAsync(100, Soon);

        Assert.Equal(["r0", "r1", "r2"], first.Rows.Select(r => r.Id));
        Assert.Equal(["r3", "r10"], second.Rows.Select(r => r.Id));
        Assert.Equal((6, 0), (first.Missed, second.Missed));
        Assert.Equal(11, (await quick.ReadAsync(100, Soon)).Rows.Count);
    }

    [Fact]
    public async Task A_watcher_that_reads_nothing_holds_nobody_up_and_no_memory()
    {
        var feed = new LiveFeed();
        using var asleep = feed.Watch(All, room: 16);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Publish(feed, 25_000)))).WaitAsync(TimeSpan.FromSeconds(20));

        var batch = await asleep.ReadAsync(1000, Soon);
        Assert.Equal((16, 99_984L), (batch.Rows.Count, batch.Missed));
    }

    [Fact]
    public async Task Only_rows_that_pass_the_filter_are_shown_or_missed()
    {
        var feed = new LiveFeed();
        using var watcher = feed.Watch(Wanting(LogDimension.Team, "a"), room: 1);
        feed.Publish(Row("1") with { TeamId = "a" });
        feed.Publish(Row("2") with { TeamId = "b" });
        feed.Publish(Row("3") with { TeamId = "a" });

        var batch = await watcher.ReadAsync(10, Soon);

        Assert.Equal(("1", 1L), (Assert.Single(batch.Rows).Id, batch.Missed));
    }

    [Fact]
    public async Task A_filter_may_be_changed_while_watching()
    {
        var feed = new LiveFeed();
        using var watcher = feed.Watch(Wanting(LogDimension.Status, "error"));
        feed.Publish(Row("1"));
        watcher.Filter = All;
        feed.Publish(Row("2"));

        Assert.Equal("2", Assert.Single((await watcher.ReadAsync(10, Soon)).Rows).Id);
    }

    [Fact]
    public async Task Who_stops_watching_is_forgotten_and_its_reading_ends()
    {
        var feed = new LiveFeed();
        var watcher = feed.Watch(All);
        var reading = watcher.ReadAsync(10, Soon).AsTask();
        Assert.Equal(1, feed.Watchers);

        watcher.Dispose();

        Assert.Empty((await reading).Rows);
        Assert.Equal(0, feed.Watchers);
        Publish(feed, 1);
        Assert.Empty((await watcher.ReadAsync(10, Soon)).Rows);
    }

    [Fact]
    public async Task Reading_waits_for_a_row_and_can_be_called_off()
    {
        var feed = new LiveFeed();
        using var watcher = feed.Watch(All);
        var reading = watcher.ReadAsync(10, Soon).AsTask();
        Assert.False(reading.IsCompleted);
        Publish(feed, 1);
        Assert.Single((await reading).Rows);

        using var off = new CancellationTokenSource();
        var waiting = watcher.ReadAsync(10, off.Token).AsTask();
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static LogFilter Wanting(LogDimension dimension, string value) =>
        new() { Values = new Dictionary<LogDimension, IReadOnlyList<string>> { [dimension] = [value] } };

    private static void Publish(LiveFeed feed, int count, int from = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            feed.Publish(Row($"r{i}"));
        }
    }

    private static LogRow Row(string id) =>
        new()
        {
            Id = id,
            At = 1,
            Operation = "chat_completion",
            Status = LogStatus.Success,
        };
}
