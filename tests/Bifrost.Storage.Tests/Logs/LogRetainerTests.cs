using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Storage.Tests.Logs;

public sealed class SqliteLogRetainerTests() : LogRetainerTests(DatabaseKind.Sqlite);

public sealed class PostgresLogRetainerTests() : LogRetainerTests(DatabaseKind.Postgres);

/// <summary>The clock stands a day after noon.</summary>
public abstract class LogRetainerTests(DatabaseKind kind) : IAsyncLifetime
{
    private LogPlace _log = null!;
    private volatile LogConfig _limits = new();

    public async ValueTask InitializeAsync() => _log = await LogPlace.FreshAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Old_rows_go_soon_after_the_start_and_every_few_hours()
    {
        _limits = new LogConfig { RetentionDays = 10 };
        await AddAsync(("old", -10), ("next", -8), ("new", 0));
        await using var retainer = Start();
        Assert.Equal(3, (await IdsAsync()).Count);

        await AfterAsync(retainer, LogRetainer.AfterStart);
        Assert.Equal(["next", "new"], await IdsAsync());

        _log.Clock.Advance(TimeSpan.FromDays(2) - (LogRetainer.ByAge * 2));
        await AfterAsync(retainer, LogRetainer.ByAge * 2);
        Assert.Equal(["new"], await IdsAsync());
        Assert.Equal(2, retainer.Removed);
    }

    [Fact]
    public async Task Limits_that_change_are_followed_at_once()
    {
        await AddAsync(("old", -10), ("new", 0));
        await using var retainer = Start();
        await AfterAsync(retainer, LogRetainer.AfterStart);
        Assert.Equal(2, (await IdsAsync()).Count);

        var rounds = retainer.Rounds;
        _limits = _limits with { Content = false };
        retainer.Look();
        await Task.Delay(50);
        Assert.Equal(rounds, retainer.Rounds);

        _limits = _limits with { RetentionDays = 5 };
        retainer.Look();
        await UntilAsync(() => retainer.Rounds > rounds);
        Assert.Equal(["new"], await IdsAsync());
    }

    [Fact]
    public async Task Content_goes_before_its_row()
    {
        _limits = new LogConfig { ContentRetentionDays = 3 };
        await AddAsync(("old", -4), ("new", 0));
        await using var retainer = Start();

        await AfterAsync(retainer, LogRetainer.AfterStart);

        Assert.Equal(["old", "new"], await IdsAsync());
        Assert.Null(await _log.Store.PayloadAsync("old", default));
        Assert.NotNull(await _log.Store.PayloadAsync("new", default));
        Assert.False((await _log.Store.FindAsync("old", default))!.HasPayload);
    }

    [Fact]
    public async Task A_log_that_is_too_large_loses_its_oldest()
    {
        var filling = new byte[200_000];
        System.Random.Shared.NextBytes(filling);
        for (var day = -20; day <= 0; day++)
        {
            var row = SomeRows.Bare($"d{day}", SomeRows.Noon + (day * SomeRows.Day)) with { HasPayload = true };
            await _log.Store.AppendAsync([row], [new LogPayload(row.Id, row.At, filling, default, "", false)], default);
        }

        _limits = new LogConfig { MaxMb = 2 };
        await using var retainer = Start();
        await AfterAsync(retainer, LogRetainer.AfterStart);

        var left = await IdsAsync();
        Assert.InRange(left.Count, 1, 20);
        Assert.Equal("d0", left[^1]);
        Assert.DoesNotContain("d-20", left);
    }

    [Fact]
    public void What_goes_is_told_by_time_and_size()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(100);
        const long Day = 86_400_000_000;
        var retention = LogRetainer.Of(
            new LogConfig
            {
                RetentionDays = 30,
                ContentRetentionDays = 7,
                MaxMb = 3,
            },
            now
        );
        Assert.Equal((70 * Day, 93 * Day, 3L << 20), (retention.RowsBefore, retention.PayloadsBefore, retention.MaxBytes));
        var alike = LogRetainer.Of(new LogConfig { RetentionDays = 30, ContentRetentionDays = 60 }, now);
        Assert.Equal((70 * Day, 70 * Day, (long?)null), (alike.RowsBefore, alike.PayloadsBefore, alike.MaxBytes));
    }

    private LogRetainer Start() => LogRetainer.Start(_log.Store, () => _limits, _log.Clock, NullLogger.Instance);

    private async Task AddAsync(params (string Id, int Days)[] rows)
    {
        var made = rows.Select(r => SomeRows.Bare(r.Id, SomeRows.Noon + (r.Days * SomeRows.Day)) with { HasPayload = true }).ToList();
        await _log.Store.AppendAsync(
            made,
            made.ConvertAll(r => new LogPayload(r.Id, r.At, "x"u8.ToArray(), default, r.Id, false)),
            default
        );
    }

    private async Task<List<string>> IdsAsync() => await _log.Store.ReadAsync(new(), default).Select(row => row.Id).ToListAsync();

    /// <summary>Lets so much time pass, and waits for the round that begins with it.</summary>
    private async Task AfterAsync(LogRetainer retainer, TimeSpan time)
    {
        var rounds = retainer.Rounds;
        // The loop may not have begun to wait.
        await Task.Delay(50);
        _log.Clock.Advance(time);
        await UntilAsync(() => retainer.Rounds > rounds);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 1000, "It did not come to that.");
            await Task.Delay(10);
        }
    }
}
