using System.Text;
using System.Text.Json;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Logs;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests.Logs;

public sealed class SqliteLogStoreTests() : LogStoreTests(DatabaseKind.Sqlite);

public sealed class PostgresLogStoreTests() : LogStoreTests(DatabaseKind.Postgres);

public abstract class LogStoreTests(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private LogPlace _log = null!;

    public async ValueTask InitializeAsync() => _log = await LogPlace.FreshAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_row_comes_back_with_every_field()
    {
        var row = SomeRows.Full();
        await _log.Store.AppendAsync([row], [], None);

        Assert.Equal(Json(row), Json(await _log.Store.FindAsync(row.Id, None)));
    }

    [Fact]
    public async Task What_is_not_known_comes_back_as_not_known()
    {
        var row = SomeRows.Bare("a");
        await _log.Store.AppendAsync([row], [], None);

        Assert.Equal(Json(row), Json(await _log.Store.FindAsync("a", None)));
    }

    [Fact]
    public async Task A_row_that_was_made_again_says_so()
    {
        var row = SomeRows.Full() with { Recovered = true };
        await _log.Store.AppendAsync([row], [], None);

        Assert.Equal(Json(row), Json(await _log.Store.FindAsync(row.Id, None)));
    }

    [Fact]
    public async Task Rows_are_known_whose_moment_is_a_little_off()
    {
        // The ledger tells a later moment where the caller was slow, and an earlier one because it counts whole milliseconds.
        var midnight = SomeRows.Noon + SomeRows.Day / 2;
        await _log.Store.AppendAsync([SomeRows.Bare("a", midnight + 700), SomeRows.Bare("b", midnight - SomeRows.Hour)], [], None);

        var known = await _log.Store.KnownAsync(
            [SomeRows.Bare("a", midnight), SomeRows.Bare("b", midnight + SomeRows.Hour), SomeRows.Bare("c", midnight)],
            None
        );

        Assert.Equal(["a", "b"], known.Order());
        Assert.Empty(await _log.Store.KnownAsync([], None));
    }

    [Fact]
    public async Task Rows_are_found_by_ids_that_say_when_they_were_made_and_by_all_others()
    {
        // The third says another time than its row's: ids are their makers' own.
        string[] ids = [Timed(0), Timed(1), Timed(-1_000_000), "plain", Timed(2).ToUpperInvariant()];
        var rows = ids.Select((id, at) => SomeRows.Bare(id, SomeRows.Noon + at)).ToList();
        await _log.Store.AppendAsync(rows, [new LogPayload(ids[2], rows[2].At, "{}"u8.ToArray(), default, "", false)], None);
        await _log.Store.AppendAsync(rows, [], None);

        Assert.Equal(ids.Length, await _log.Store.CountAsync(new LogFilter(), 100, None));
        foreach (var row in rows)
        {
            Assert.Equal(Json(row), Json((await _log.Store.FindAsync(row.Id, None))! with { HasPayload = false }));
        }

        Assert.NotNull(await _log.Store.PayloadAsync(ids[2], None));
        Assert.Null(await _log.Store.FindAsync(Timed(3), None));
        Assert.Equal(ids.Order(), (await _log.Store.KnownAsync([.. rows, SomeRows.Bare(Timed(4))], None)).Order());

        static string Timed(int more) =>
            Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(SomeRows.Noon / 1000 + more)).ToString();
    }

    [Fact]
    public void Finders_of_ids_that_say_their_time_keep_its_order_and_meet_no_others()
    {
        var first = LogKey.FinderOf("0197a000-0000-7000-8000-000000000000");
        var next = LogKey.FinderOf("0197a000-0001-7fff-8000-000000000000");

        Assert.True(first < next);
        Assert.True(LogKey.FinderIn(946_684_800_000_000 + (1L << 50), "x") < LogKey.FinderOf("00010000-0000-7000-8000-000000000000"));
        Assert.Null(LogKey.FinderOf("0197a000-0000-4000-8000-000000000000"));
        Assert.Null(LogKey.FinderOf("0197a000-0000-7000-8000-000000000000~1"));
        Assert.Null(LogKey.FinderOf("0197a00g-0000-7000-8000-000000000000"));
        Assert.Null(LogKey.FinderOf(""));
    }

    [Fact]
    public async Task A_mark_is_kept_under_its_name()
    {
        Assert.Null(await _log.Store.MarkAsync("here", None));

        await _log.Store.SetMarkAsync("here", 1, None);
        await _log.Store.SetMarkAsync("here", SomeRows.Noon, None);
        await _log.Store.SetMarkAsync("there", 2, None);
        await _log.ReopenAsync();

        Assert.Equal((SomeRows.Noon, 2), (await _log.Store.MarkAsync("here", None), await _log.Store.MarkAsync("there", None)));
    }

    [Fact]
    public async Task A_row_is_found_after_a_restart()
    {
        var row = SomeRows.Full();
        await _log.Store.AppendAsync([row], [], None);
        await _log.ReopenAsync();

        Assert.Equal(Json(row), Json(await _log.Store.FindAsync(row.Id, None)));
        Assert.Null(await _log.Store.FindAsync("another", None));
    }

    [Fact]
    public async Task A_payload_comes_back_and_rows_without_one_have_none()
    {
        var request = Encoding.UTF8.GetBytes("""{"prompt":"hello hello hello hello hello hello hello hello"}""");
        await _log.Store.AppendAsync(
            [SomeRows.Full("a"), SomeRows.Bare("b")],
            [new LogPayload("a", SomeRows.Noon, request, "answer"u8.ToArray(), "hello answer", true)],
            None
        );

        var payload = await _log.Store.PayloadAsync("a", None);
        Assert.NotNull(payload);
        Assert.Equal(request, payload.Request.ToArray());
        Assert.Equal("answer", Encoding.UTF8.GetString(payload.Response.Span));
        Assert.True(payload.Truncated);
        Assert.Null(await _log.Store.PayloadAsync("b", None));
    }

    [Fact]
    public async Task Words_of_payloads_are_searched_for()
    {
        var rows = Enumerable
            .Range(0, 200)
            .Select(number =>
                SomeRows.Bare($"r{number}", SomeRows.Noon + number) with
                {
                    HasPayload = true,
                    VirtualKeyId = number < 5 ? "few" : "many",
                }
            )
            .ToList();
        var payloads = rows.ConvertAll(row => new LogPayload(
            row.Id,
            row.At,
            default,
            default,
            $"The weather-report: number {row.Id}! Überall \0 Regen, id {(row.At % 2 == 0 ? "even" : "odd")}",
            false
        ));
        await _log.Store.AppendAsync(rows, payloads, None);

        Assert.Equal(["r7"], await IdsAsync(new() { Text = "R7 überall" }));
        Assert.Equal(100, (await IdsAsync(new() { Text = "report \"EVEN\" -weather*" })).Count);
        Assert.Empty(await IdsAsync(new() { Text = "snow" }));
        var few = new Dictionary<LogDimension, IReadOnlyList<string>> { [LogDimension.VirtualKey] = ["few"] };
        Assert.Equal(["r0", "r2", "r4"], await IdsAsync(new() { Text = "even", Values = few }));
        Assert.Empty(await IdsAsync(new() { Text = "?!" }));
        Assert.Equal(100, await _log.Store.CountAsync(new() { Text = "odd" }, 1000, None));
        Assert.Equal(30, await _log.Store.CountAsync(new() { Text = "odd" }, 30, None));
    }

    [Fact]
    public async Task A_repeated_batch_changes_nothing()
    {
        var rows = SomeRows.Random(1, 300, SomeRows.Noon, SomeRows.Noon + SomeRows.Hour);
        await _log.Store.AppendAsync(rows, [], None);
        await _log.Store.AppendAsync(rows, [], None);
        await _log.ReopenAsync();
        await _log.Store.AppendAsync([.. rows.Take(100), SomeRows.Bare("new"), .. rows.Skip(100).Take(100)], [], None);

        Assert.Equal(301, (await IdsAsync(new())).Distinct().Count());
        await AssertSumsAsync([.. rows, SomeRows.Bare("new")]);
    }

    [Fact]
    public async Task A_thousand_rows_of_the_same_moment_all_stay()
    {
        var rows = Enumerable.Range(0, 1000).Select(number => SomeRows.Bare($"same-{number}")).ToList();
        await _log.Store.AppendAsync(rows.Take(500).ToList(), [], None);
        await _log.Store.AppendAsync(rows, [], None);

        Assert.Equal(rows.Select(row => row.Id).Order(), (await IdsAsync(new())).Order());
        Assert.All(await _log.Store.ReadAsync(new(), None).ToListAsync(), row => Assert.Equal(SomeRows.Noon, row.At));
    }

    [Fact]
    public async Task Deleted_rows_are_gone_from_everywhere()
    {
        var rows = SomeRows.Random(2, 500, SomeRows.Noon - SomeRows.Day, SomeRows.Noon);
        rows[0] = SomeRows.Full("full", SomeRows.Noon);
        await _log.Store.AppendAsync(rows, [new LogPayload("full", SomeRows.Noon, "x"u8.ToArray(), default, "needle", false)], None);
        var gone = rows.Where((_, at) => at % 3 == 0).ToList();

        Assert.Equal(gone.Count, await _log.Store.DeleteAsync([.. gone.Select(row => row.Id), "never there"], None));
        Assert.Equal(0, await _log.Store.DeleteAsync([gone[0].Id], None));

        Assert.Null(await _log.Store.FindAsync("full", None));
        Assert.Null(await _log.Store.PayloadAsync("full", None));
        Assert.Empty(await IdsAsync(new() { Text = "needle" }));
        Assert.Empty(await IdsAsync(new() { Metadata = [new("trace", "ä\0b")] }));
        await AssertSumsAsync(rows.Except(gone).ToList());
    }

    [Fact]
    public async Task A_new_price_is_in_the_row_and_in_the_sums()
    {
        var rows = SomeRows.Random(3, 200, SomeRows.Noon - SomeRows.Day, SomeRows.Noon);
        await _log.Store.AppendAsync(rows, [], None);
        var repriced = rows.Take(80).Select(row => new RepricedRow(row.Id, row.InputTokens * 1000, "v2", "[]")).ToList();

        await _log.Store.RepriceAsync([.. repriced, new RepricedRow("never there", 1, "v2", "")], None);

        var first = await _log.Store.FindAsync(rows[0].Id, None);
        Assert.Equal((rows[0].InputTokens * 1000, "v2", "[]"), (first!.Cost, first.PriceVersion, first.CostLines));
        List<LogRow> expected = [.. rows.Take(80).Select(row => row with { Cost = row.InputTokens * 1000 }), .. rows.Skip(80)];
        await AssertSumsAsync(expected);
        var dearest = new LogPageQuery(new(), LogSort.Cost, true, 50, null);
        Assert.Equal(
            Naive.Page(expected, dearest),
            (await _log.Store.PageAsync(dearest, None)).Rows.Select(row => Naive.Describe(row, LogSort.Cost))
        );
    }

    [Fact]
    public async Task Distinct_values_come_the_most_frequent_first()
    {
        var rows = SomeRows.Random(4, 400, SomeRows.Noon - SomeRows.Day, SomeRows.Noon);
        await _log.Store.AppendAsync(rows, [], None);
        foreach (
            var filter in new LogFilter[]
            {
                new(),
                new() { Latency = new(1000, null) },
            }
        )
        {
            Assert.Equal(
                Naive
                    .Matching(rows, filter)
                    .Where(row => row.VirtualKeyId is not null)
                    .GroupBy(row => row.VirtualKeyId!)
                    .OrderByDescending(key => key.Count())
                    .ThenBy(key => key.Key, StringComparer.Ordinal)
                    .Take(4)
                    .Select(key => key.Key),
                await _log.Store.DistinctAsync(LogDimension.VirtualKey, filter, 4, None)
            );
        }
    }

    [Fact]
    public async Task Metadata_is_told_by_name_with_its_values()
    {
        LogRow With(string id, string value) => SomeRows.Bare(id) with { Metadata = [new("project", value), new("env", "prod")] };
        await _log.Store.AppendAsync([With("1", "b"), With("2", "a"), With("3", "b"), SomeRows.Bare("4")], [], None);

        var found = await _log.Store.MetadataAsync(new(), 10, None);
        Assert.Equal(["b", "a"], found["project"]);
        Assert.Equal(["prod"], found["env"]);
        Assert.Equal(2, found.Count);
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        await _log.Store.AppendAsync([SomeRows.Bare("a"), SomeRows.Bare("b")], [], None);
        var next = (await _log.Store.PageAsync(new(new(), LogSort.Time, true, 1, null), None)).Next;

        await Assert.ThrowsAsync<FormatException>(() => _log.Store.PageAsync(new(new(), LogSort.Cost, true, 1, next), None));
        await Assert.ThrowsAsync<FormatException>(() => _log.Store.PageAsync(new(new(), LogSort.Time, true, 1, "nonsense!"), None));
    }

    [Fact]
    public async Task An_empty_log_answers_everything()
    {
        Assert.Empty((await _log.Store.PageAsync(new(new(), LogSort.Cost, true, 10, null), None)).Rows);
        Assert.Equal(0, await _log.Store.CountAsync(new(), 10, None));
        Assert.Empty(await _log.Store.AggregateAsync(new(new(), 60, LogDimension.Team), None));
        Assert.Empty(await _log.Store.MetadataAsync(new(), 10, None));
        Assert.Null(await _log.Store.PayloadAsync("a", None));
        Assert.Equal(0, await _log.Store.DeleteAsync(["a"], None));
        Assert.Equal(0, await _log.Store.RetainAsync(new(SomeRows.Noon, SomeRows.Noon, 0), None));
        await _log.Store.PingAsync(None);
    }

    private static string Json(LogRow? row) => JsonSerializer.Serialize(row);

    private async Task<List<string>> IdsAsync(LogFilter filter) =>
        await _log.Store.ReadAsync(filter, None).Select(row => row.Id).ToListAsync();

    private async Task AssertSumsAsync(List<LogRow> rows)
    {
        foreach (
            var query in new LogAggregateQuery[] { new(new(), 3600, LogDimension.VirtualKey), new(new(), null, null), new(new(), 60, null) }
        )
        {
            Assert.Equal(Naive.Aggregate(rows, query), (await _log.Store.AggregateAsync(query, None)).Select(Naive.Describe));
        }
    }
}
