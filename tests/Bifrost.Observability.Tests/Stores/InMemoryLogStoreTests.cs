using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Tests.Logs;

namespace Bifrost.Observability.Tests.Stores;

/// <summary>The store in memory answers by the same laws as those on databases.</summary>
public sealed class InMemoryLogStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private const long From = SomeRows.Noon - (3 * SomeRows.Day);
    private const long To = SomeRows.Noon + (20 * SomeRows.Hour);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_question_is_answered_as_if_all_rows_were_read(int seed)
    {
        var store = new InMemoryLogStore();
        var random = new Random(seed);
        var rows = SomeRows.Random(seed, 600, From, To);
        foreach (var batch in rows.OrderBy(row => row.At + random.NextInt64(SomeRows.Day)).Chunk(40))
        {
            await store.AppendAsync(batch, [], None);
        }

        var gone = rows.Where(_ => random.Next(10) == 0).ToList();
        Assert.Equal(gone.Count, await store.DeleteAsync(gone.ConvertAll(row => row.Id), None));
        rows = [.. rows.Except(gone)];
        for (var question = 0; question < 60; question++)
        {
            var filter = AnyFilter(random);
            var aggregate = new LogAggregateQuery(
                filter,
                random.Next(6) is var width && width == 0 ? null : new[] { 60, 300, 3600, 7200, 86_400 }[width - 1],
                random.Next(3) == 0 ? null : (LogDimension)random.Next(13),
                random.Next(3) == 0 ? 2 : null
            );
            Assert.Equal(Naive.Aggregate(rows, aggregate), (await store.AggregateAsync(aggregate, None)).Select(Naive.Describe));

            var sort = (LogSort)random.Next(4);
            var page = new LogPageQuery(filter, sort, random.Next(2) == 0, random.Next(1, 60), null, random.Next(100));
            Assert.Equal(Naive.Page(rows, page), (await store.PageAsync(page, None)).Rows.Select(row => Naive.Describe(row, sort)));
            Assert.Equal(Naive.Matching(rows, filter).Count(), await store.CountAsync(filter, 1_000_000, None));
        }
    }

    [Theory]
    [InlineData(LogSort.Time, true)]
    [InlineData(LogSort.Latency, false)]
    [InlineData(LogSort.Tokens, true)]
    [InlineData(LogSort.Cost, false)]
    public async Task Paging_visits_each_row_once_while_others_arrive(LogSort sort, bool descending)
    {
        var store = new InMemoryLogStore();
        var rows = SomeRows.Random(9, 500, From, To);
        await store.AppendAsync(rows, [], None);
        var visited = new List<string>();
        string? after = null;
        for (var page = 0; page == 0 || after is not null; page++)
        {
            var found = await store.PageAsync(new(new LogFilter(), sort, descending, 37, after), None);
            visited.AddRange(found.Rows.Select(row => row.Id));
            after = found.Next;
            await store.AppendAsync(SomeRows.Random(100 + page, 5, From, To), [], None);
        }

        Assert.Equal(visited.Count, visited.Distinct().Count());
        Assert.Empty(rows.Select(row => row.Id).Except(visited));
    }

    [Fact]
    public async Task The_oldest_go_when_there_are_too_many_and_their_content_with_them()
    {
        var store = new InMemoryLogStore(maxRows: 3);
        for (var i = 0; i < 5; i++)
        {
            await store.AppendAsync([SomeRows.Full($"r{i}", SomeRows.Noon + i)], [Content($"r{i}", "words")], None);
        }

        Assert.Equal(["r2", "r3", "r4"], (await store.ReadAsync(new(), None).ToListAsync()).Select(r => r.Id));
        Assert.Null(await store.PayloadAsync("r1", None));
        Assert.NotNull(await store.PayloadAsync("r2", None));
    }

    [Fact]
    public async Task A_repeated_batch_changes_nothing()
    {
        var store = new InMemoryLogStore();
        await store.AppendAsync([SomeRows.Full("a")], [Content("a", "first")], None);
        await store.AppendAsync([SomeRows.Full("a"), SomeRows.Bare("b")], [Content("a", "second")], None);

        Assert.Equal(2, await store.CountAsync(new(), 10, None));
        Assert.Equal("first", (await store.PayloadAsync("a", None))!.SearchText);
    }

    [Fact]
    public async Task Rows_are_found_by_words_of_what_was_said()
    {
        var store = new InMemoryLogStore();
        await store.AppendAsync([SomeRows.Full("a"), SomeRows.Full("b")], [Content("a", "blue skies"), Content("b", "red skies")], None);

        Assert.Equal(["a"], (await store.ReadAsync(new() { Text = "SKIES blue" }, None).ToListAsync()).Select(r => r.Id));
    }

    [Fact]
    public async Task What_is_too_old_goes_content_first()
    {
        var store = new InMemoryLogStore();
        var rows = Enumerable.Range(0, 4).Select(i => SomeRows.Full($"r{i}", SomeRows.Noon + i)).ToList();
        await store.AppendAsync(rows, [.. rows.Select(r => Content(r.Id, "x", r.At))], None);

        Assert.Equal(1, await store.RetainAsync(new(SomeRows.Noon + 1, SomeRows.Noon + 2, null), None));

        var left = await store.ReadAsync(new(), None).ToListAsync();
        Assert.Equal([("r1", false), ("r2", true), ("r3", true)], left.Select(r => (r.Id, r.HasPayload)));
        Assert.Null(await store.PayloadAsync("r1", None));
    }

    [Fact]
    public async Task A_new_price_is_in_the_row_and_in_the_sums()
    {
        var store = new InMemoryLogStore();
        await store.AppendAsync([SomeRows.Bare("a") with { Cost = null }], [], None);
        await store.RepriceAsync([new("a", 42, "v2", "[]")], None);

        Assert.Equal(
            (42, 0),
            Assert.Single(await store.AggregateAsync(new(new(), null, null), None)) is { Sums: var sums }
                ? (sums.Cost, sums.Unpriced)
                : default
        );
        Assert.Equal("v2", (await store.FindAsync("a", None))!.PriceVersion);
    }

    [Fact]
    public async Task The_most_frequent_values_come_first()
    {
        var store = new InMemoryLogStore();
        await store.AppendAsync(
            [
                SomeRows.Bare("1") with
                {
                    TeamId = "b",
                    Metadata = [new("project", "x")],
                },
                SomeRows.Bare("2") with
                {
                    TeamId = "a",
                    Metadata = [new("project", "y"), new("run", "1")],
                },
                SomeRows.Bare("3") with
                {
                    TeamId = "b",
                    Metadata = [new("project", "y")],
                },
                SomeRows.Bare("4"),
            ],
            [],
            None
        );

        Assert.Equal(["b", "a"], await store.DistinctAsync(LogDimension.Team, new(), 10, None));
        Assert.Equal(["b"], await store.DistinctAsync(LogDimension.Team, new(), 1, None));
        var metadata = await store.MetadataAsync(new(), 10, None);
        Assert.Equal(["y", "x"], metadata["project"]);
        Assert.Equal(["1"], metadata["run"]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_made_up_cursor_is_refused(string cursor) =>
        await Assert.ThrowsAsync<FormatException>(() => new InMemoryLogStore().PageAsync(new(new(), LogSort.Time, true, 10, cursor), None));

    private static LogPayload Content(string id, string words, long at = SomeRows.Noon) =>
        new(id, at, "q"u8.ToArray(), "a"u8.ToArray(), words, false);

    private static LogFilter AnyFilter(Random random)
    {
        var values = new Dictionary<LogDimension, IReadOnlyList<string>>();
        while (random.Next(2) == 0)
        {
            values[(LogDimension)random.Next(13)] = random.Next(3) switch
            {
                0 => ["team-1", "vk-2", "chat", "model-1", "asked-1", "success", "true", "lane-1"],
                1 => ["", "error", "embedding", "unit-1", "provider-2", "fault-1", "false"],
                _ => ["model-2", "customer-1", "user-3", "pk-1", "cancelled"],
            };
        }

        return new LogFilter
        {
            From = random.Next(2) == 0 ? null : random.NextInt64(From, To),
            To = random.Next(2) == 0 ? null : random.NextInt64(From, To),
            Values = values,
            Latency = random.Next(4) == 0 ? new(random.Next(1_000_000), null) : null,
            Cost = random.Next(4) == 0 ? new(null, 2_000_000_000) : null,
            MissingCostOnly = random.Next(8) == 0,
            Metadata = random.Next(6) == 0 ? [new("project", "p1")] : [],
        };
    }
}
