using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests.Logs;

public sealed class SqliteLogLawTests() : LogLawTests(DatabaseKind.Sqlite);

public sealed class PostgresLogLawTests() : LogLawTests(DatabaseKind.Postgres);

/// <summary>Random rows, random questions, and the answers of <see cref="Naive"/>.</summary>
public abstract class LogLawTests(DatabaseKind kind)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private const long From = SomeRows.Noon - (3 * SomeRows.Day);
    private const long To = SomeRows.Noon + (20 * SomeRows.Hour);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_question_is_answered_as_if_all_rows_were_read(int seed)
    {
        await using var log = await LogPlace.FreshAsync(kind);
        var random = new Random(seed);
        var rows = SomeRows.Random(seed, 1500, From, To);
        // Small batches and large ones, in order and not, with some rows taken away and repriced in between.
        foreach (var batch in rows.OrderBy(row => row.At + random.NextInt64(SomeRows.Day)).Chunk(40).ToList())
        {
            await log.Store.AppendAsync(batch, [], None);
        }

        var gone = rows.Where(_ => random.Next(10) == 0).ToList();
        await log.Store.DeleteAsync(gone.ConvertAll(row => row.Id), None);
        rows = rows.Except(gone).ToList();
        var prices = rows.Where(_ => random.Next(10) == 0).ToDictionary(row => row.Id, _ => random.NextInt64(9_000_000_000));
        await log.Store.RepriceAsync([.. prices.Select(price => new RepricedRow(price.Key, price.Value, "v", ""))], None);
        rows = rows.ConvertAll(row => prices.TryGetValue(row.Id, out var price) ? row with { Cost = price } : row);

        for (var question = 0; question < 60; question++)
        {
            if (question == 30)
            {
                // Now what is left is merged, and minutes older than two days are gone.
                await log.Store.RetainAsync(new(long.MinValue, long.MinValue, null), None);
                await log.ReopenAsync();
            }

            var filter = AnyFilter(random);
            var aggregate = new LogAggregateQuery(
                filter,
                random.Next(6) is var width && width == 0 ? null : new[] { 60, 300, 3600, 7200, 86_400 }[width - 1],
                random.Next(3) == 0 ? null : (LogDimension)random.Next(13),
                random.Next(3) == 0 ? 2 : null
            );
            Assert.Equal(Naive.Aggregate(rows, aggregate), (await log.Store.AggregateAsync(aggregate, None)).Select(Naive.Describe));

            var sort = (LogSort)random.Next(4);
            var page = new LogPageQuery(
                filter,
                sort,
                random.Next(2) == 0,
                random.Next(1, 60),
                null,
                random.Next(3) == 0 ? random.Next(100) : 0
            );
            Assert.Equal(Naive.Page(rows, page), (await log.Store.PageAsync(page, None)).Rows.Select(row => Naive.Describe(row, sort)));

            Assert.Equal(Naive.Matching(rows, filter).Count(), await log.Store.CountAsync(filter, 1_000_000, None));
        }
    }

    [Theory]
    [InlineData(LogSort.Time, true)]
    [InlineData(LogSort.Time, false)]
    [InlineData(LogSort.Latency, true)]
    [InlineData(LogSort.Tokens, false)]
    [InlineData(LogSort.Cost, true)]
    public async Task Paging_visits_each_row_once_while_others_arrive(LogSort sort, bool descending)
    {
        await using var log = await LogPlace.FreshAsync(kind);
        var rows = SomeRows.Random(9, 1000, From, To);
        await log.Store.AppendAsync(rows, [], None);
        var filter = new LogFilter { Values = new Dictionary<LogDimension, IReadOnlyList<string>> { [LogDimension.Operation] = ["chat"] } };
        var visited = new List<string>();
        string? after = null;
        for (var page = 0; page == 0 || after is not null; page++)
        {
            var found = await log.Store.PageAsync(new(filter, sort, descending, 37, after), None);
            visited.AddRange(found.Rows.Select(row => row.Id));
            after = found.Next;
            await log.Store.AppendAsync(SomeRows.Random(100 + page, 20, From, To), [], None);
        }

        Assert.Equal(visited.Count, visited.Distinct().Count());
        Assert.Empty(Naive.Matching(rows, filter).Select(row => row.Id).Except(visited));
    }

    [Fact]
    public async Task Writing_reading_and_deleting_at_once_stay_exact()
    {
        await using var log = await LogPlace.FreshAsync(kind);
        var rows = SomeRows.Random(5, 2000, From, To);
        var gone = rows.Where((_, at) => at % 7 == 0).Select(row => row.Id).ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async writer =>
                {
                    foreach (var batch in rows.Where((_, at) => at % 4 == writer).Chunk(50))
                    {
                        await log.Store.AppendAsync(batch, [], None);
                        await log.Store.DeleteAsync(batch.Where(row => gone.Contains(row.Id)).Select(row => row.Id).ToList(), None);
                        await log.Store.AggregateAsync(new(new(), 3600, LogDimension.Team), None);
                    }
                })
        );

        var query = new LogAggregateQuery(new(), 3600, LogDimension.Team);
        Assert.Equal(
            Naive.Aggregate(rows.Where(row => !gone.Contains(row.Id)), query),
            (await log.Store.AggregateAsync(query, None)).Select(Naive.Describe)
        );
    }

    private static LogFilter AnyFilter(Random random)
    {
        var values = new Dictionary<LogDimension, IReadOnlyList<string>>();
        for (var count = random.Next(4); count > 0; count--)
        {
            var dimension = (LogDimension)random.Next(13);
            var of = SomeRows.Random(random.Next(), 2, From, To);
            values[dimension] = of.ConvertAll(row => Naive.ValueOf(row, dimension));
        }

        return new LogFilter
        {
            From = random.Next(2) == 0 ? null : random.NextInt64(From, To),
            To = random.Next(2) == 0 ? null : random.NextInt64(From, To),
            Values = values,
            Latency = random.Next(8) == 0 ? new(random.Next(1_000_000), null) : null,
            Tokens = random.Next(8) == 0 ? new(500, 1500) : null,
            Cost = random.Next(8) == 0 ? new(null, 2_500_000_000) : null,
            MissingCostOnly = random.Next(12) == 0,
            Metadata = random.Next(8) == 0 ? [new("project", "p1")] : [],
        };
    }
}
