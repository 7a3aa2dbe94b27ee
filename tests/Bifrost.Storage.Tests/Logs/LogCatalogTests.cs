using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Logs;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests.Logs;

public sealed class SqliteLogCatalogTests() : LogCatalogTests(DatabaseKind.Sqlite);

public sealed class PostgresLogCatalogTests() : LogCatalogTests(DatabaseKind.Postgres);

/// <summary>Callers name models as they like, and the names of all of them must not end up in the gateway's memory.</summary>
public abstract class LogCatalogTests(DatabaseKind kind)
{
    private const string Other = "(other)";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Beyond_the_limit_of_models_they_are_one_in_sums_and_themselves_in_rows()
    {
        await using var log = await LogPlace.FreshAsync(kind, new() { MostModels = 60 });
        var rows = Hostile(400);
        foreach (var batch in rows.Chunk(50))
        {
            await log.Store.AppendAsync(batch, [], None);
        }

        await AssertHeldAsync(log, rows, most: 60);
        await log.ReopenAsync();
        await AssertHeldAsync(log, rows, most: 60);
    }

    [Fact]
    public async Task Beyond_the_limit_of_combinations_models_are_one_in_sums_and_themselves_in_rows()
    {
        await using var log = await LogPlace.FreshAsync(kind, new() { MostCombinations = 30 });
        var rows = Hostile(400);
        foreach (var batch in rows.Chunk(50))
        {
            await log.Store.AppendAsync(batch, [], None);
        }

        // A batch may begin below the limit and end above it.
        await AssertHeldAsync(log, rows, most: 30 + 50);
    }

    [Fact]
    public async Task A_row_whose_words_have_no_number_is_found_by_metadata_and_can_be_deleted_and_repriced()
    {
        await using var log = await LogPlace.FreshAsync(kind, new() { MostModels = 1 });
        await log.Store.AppendAsync([SomeRows.Full("a"), SomeRows.Full("b")], [], None);

        await log.Store.RepriceAsync([new RepricedRow("a", 5, "v9", "[]")], None);
        Assert.Equal("v9", (await log.Store.FindAsync("a", None))!.PriceVersion);
        Assert.Equal(SomeRows.Full().AnsweredModel, (await log.Store.FindAsync("a", None))!.AnsweredModel);

        var tagged = new LogFilter { Metadata = [SomeRows.Full().Metadata[0]] };
        Assert.Equal(2, await log.Store.CountAsync(tagged, 10, None));
        Assert.Equal(1, await log.Store.DeleteAsync(["a"], None));
        Assert.Equal(1, await log.Store.CountAsync(tagged, 10, None));
    }

    [Fact]
    public async Task What_another_process_has_written_is_shown_without_a_restart()
    {
        await using var log = await LogPlace.FreshAsync(kind);
        Assert.Equal(0, await log.Store.CountAsync(new(), 10, None));
        await log.Store.AppendAsync([SomeRows.Bare("before")], [], None);

        await using (var other = await LogStore.OpenAsync(log.Place.Settings, new(), log.Clock, None))
        {
            await other.AppendAsync([SomeRows.Full("a"), SomeRows.Full("b")], [], None);
        }

        var page = await log.Store.PageAsync(new(new(), LogSort.Time, true, 10, null), None);
        Assert.Equal(["a", "b", "before"], page.Rows.Select(row => row.Id).Order());
        Assert.Equal(SomeRows.Full().SentModel, (await log.Store.FindAsync("a", None))!.SentModel);
        var models = await log.Store.AggregateAsync(new(new(), null, LogDimension.Model), None);
        Assert.Equal(3, models.Sum(model => model.Sums.Requests));

        await log.Store.AppendAsync([SomeRows.Full("c")], [], None);
        Assert.Equal(2, await log.Store.DeleteAsync(["a", "c"], None));
        Assert.Equal(2, await log.Store.CountAsync(new(), 10, None));
    }

    private static async Task AssertHeldAsync(LogPlace log, List<LogRow> rows, int most)
    {
        var models = await log.Store.AggregateAsync(new(new(), null, LogDimension.Model), None);
        Assert.InRange(models.Count, 2, most);
        Assert.Equal(rows.Count, models.Sum(model => model.Sums.Requests));
        Assert.True(models.Single(model => model.Group == Other).Sums.Requests >= rows.Count - most);

        var folded = new LogFilter { Values = new Dictionary<LogDimension, IReadOnlyList<string>> { [LogDimension.Model] = [Other] } };
        Assert.NotEmpty((await log.Store.PageAsync(new(folded, LogSort.Time, true, 10, null), None)).Rows);
        foreach (var row in new[] { rows[0], rows[^1] })
        {
            var found = await log.Store.FindAsync(row.Id, None);
            Assert.Equal((row.AskedModel, row.SentModel, row.AnsweredModel), (found!.AskedModel, found.SentModel, found.AnsweredModel));
        }
    }

    private static List<LogRow> Hostile(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(number =>
                    SomeRows.Bare($"r{number}", SomeRows.Noon + number) with
                    {
                        AskedModel = $"asked-{number}",
                        SentModel = $"sent-{number}",
                        AnsweredModel = $"answered-{number}",
                        VirtualKeyId = $"vk-{number % 3}",
                    }
                ),
        ];
}
