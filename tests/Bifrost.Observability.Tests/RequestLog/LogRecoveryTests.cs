using System.Diagnostics;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Observability.Tests.RequestLog;

public sealed class LogRecoveryTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Before = DateTimeOffset.UtcNow.AddHours(-1);

    [Fact]
    public async Task What_was_paid_and_is_not_in_the_log_is_made_again_and_nothing_else()
    {
        var store = new InMemoryLogStore();
        await store.SetMarkAsync("here", Micros(Before.AddMinutes(-1)), None);
        await store.AppendAsync([Row("there", 3)], [], None);
        var calls = new Books(Paid("there", 3), Paid("lost", 5));

        await RecoverAsync(store, calls, 1);
        await RecoverAsync(store, calls, 1);

        var lost = await store.FindAsync("lost", None);
        Assert.Equal((5, true), (lost!.Cost, lost.Recovered));
        Assert.False((await store.FindAsync("there", None))!.Recovered);
    }

    [Fact]
    public async Task A_target_that_failed_and_the_one_after_it_are_one_row_also_across_pages()
    {
        var store = new InMemoryLogStore();
        await store.SetMarkAsync("here", Micros(Before.AddMinutes(-1)), None);
        var calls = new Books(Paid("a", 5, isLast: false), Paid("b", 1), Paid("a", 7), Paid("c", 2, isLast: false));

        await RecoverAsync(store, calls, 3);

        var row = await store.FindAsync("a", None);
        Assert.Equal((12, 20, 1), (row!.Cost, row.InputTokens, row.FallbackIndex));
        Assert.Equal(2, (await store.FindAsync("c", None))!.Cost);
    }

    [Fact]
    public async Task A_new_log_is_not_filled_with_what_was_before_it()
    {
        var store = new InMemoryLogStore();
        var calls = new Books(Paid("old", 5));

        await RecoverAsync(store, calls, 0);

        Assert.Null(await store.FindAsync("old", None));
        Assert.InRange((await store.MarkAsync("here", None))!.Value, Micros(Before.AddMinutes(59)), Micros(DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task A_log_that_is_switched_off_is_not_filled()
    {
        var store = new InMemoryLogStore();
        await store.SetMarkAsync("here", Micros(Before.AddMinutes(-1)), None);
        var calls = new Books(Paid("a", 5));

        await RecoverAsync(store, calls, 0, new LogConfig { Enabled = false });

        Assert.Null(await store.FindAsync("a", None));
        // Nor is it when it is switched on later.
        await RecoverAsync(store, calls, 0);
        Assert.Null(await store.FindAsync("a", None));
    }

    [Fact]
    public async Task Secrets_in_dimensions_are_not_kept()
    {
        var store = new InMemoryLogStore();
        await store.SetMarkAsync("here", Micros(Before.AddMinutes(-1)), None);
        var calls = new Books(Paid("a", 5) with { Dimensions = "project=red%2Cblue,password=open sesame" });

        await RecoverAsync(store, calls, 1);

        var metadata = (await store.FindAsync("a", None))!.Metadata.ToDictionary(m => m.Key, m => m.Value);
        Assert.Equal("red,blue", metadata["project"]);
        Assert.DoesNotContain("sesame", metadata["password"], StringComparison.Ordinal);
    }

    /// <summary>Starts a life, lets it compare once, and ends it in good order.</summary>
    private static async Task RecoverAsync(InMemoryLogStore store, Books calls, int rows, LogConfig? config = null)
    {
        var begun = await store.MarkAsync("here", None);
        calls.WasRead = false;
        await using var log = Observability.RequestLog.RequestLog.Start(
            store,
            new RequestLogOptions { BatchDelay = TimeSpan.FromMilliseconds(5) },
            TimeProvider.System,
            NullLogger.Instance
        );
        await using var recovery = await LogRecovery.StartAsync(
            log,
            new LiveExchanges(TimeProvider.System),
            store,
            calls,
            () => config ?? new LogConfig(),
            TimeProvider.System,
            NullLogger.Instance,
            None
        );
        if (begun is not null)
        {
            var watch = Stopwatch.StartNew();
            while (config is { Enabled: false } ? await store.MarkAsync("here", None) == begun : !calls.WasRead)
            {
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "It never compared.");
                await Task.Delay(5);
            }
        }

        await recovery.StopAsync();
        await log.StopAsync(None);
        await recovery.CloseAsync();
        Assert.Equal(
            rows,
            (await store.PageAsync(new LogPageQuery(new LogFilter(), LogSort.Time, true, 100, null), None)).Rows.Count(row => row.Recovered)
        );
    }

    private static LogRow Row(string id, long cost) =>
        new()
        {
            Id = id,
            At = Micros(Before),
            Operation = "chat",
            Status = LogStatus.Success,
            InputTokens = 10,
            Cost = cost,
        };

    private static PaidCall Paid(string id, long cost, bool isLast = true) => new(Row(id, cost), null, isLast);

    private static long Micros(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Books with one call on each page.</summary>
    private sealed class Books(params PaidCall[] calls) : IPaidCalls
    {
        private readonly Guid[] _pages = [.. calls.Select(_ => Guid.NewGuid())];

        /// <summary>To the end.</summary>
        public volatile bool WasRead;

        public string Name => "here";

        public Task CaughtUpAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task<PaidPage> ReadAsync(DateTimeOffset from, DateTimeOffset to, Guid? after, CancellationToken cancel)
        {
            var at = after is { } page ? Array.IndexOf(_pages, page) + 1 : 0;
            if (at >= calls.Length)
            {
                WasRead = true;
                return Task.FromResult(new PaidPage([], null));
            }

            var row = calls[at].Row;
            return Task.FromResult(new PaidPage(row.At >= Micros(from) && row.At < Micros(to) ? [calls[at]] : [], _pages[at]));
        }
    }
}
