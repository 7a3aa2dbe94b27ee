using Bifrost.Observability.Live;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Tests.Logs;

namespace Bifrost.Observability.Tests.Live;

public sealed class LiveFilterTests
{
    [Fact]
    public void Rows_are_told_apart_as_every_store_does()
    {
        var rows = SomeRows.Random(11, 400, SomeRows.Noon, SomeRows.Noon + SomeRows.Hour);
        foreach (var dimension in Enum.GetValues<LogDimension>())
        {
            foreach (var value in rows.Select(r => Naive.ValueOf(r, dimension)).Distinct())
            {
                var filter = new LogFilter { Values = new Dictionary<LogDimension, IReadOnlyList<string>> { [dimension] = [value] } };
                Assert.Equal(Naive.Matching(rows, filter), rows.Where(r => LiveFilter.Matches(filter, r)));
            }
        }
    }

    public static TheoryData<LogFilter> Ranges =>
        [
            new LogFilter { From = SomeRows.Noon + SomeRows.Minute, To = SomeRows.Noon + (30 * SomeRows.Minute) },
            new LogFilter { Latency = new(1000, 5_000_000) },
            new LogFilter { Latency = new(null, 1000) },
            new LogFilter { Tokens = new(500, null) },
            new LogFilter { Cost = new(0, 1_000_000_000) },
            new LogFilter { MissingCostOnly = true },
            new LogFilter { Metadata = [new("project", "p1")] },
        ];

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Ranges_include_their_ends_and_times_their_beginning(LogFilter filter)
    {
        var rows = SomeRows.Random(12, 400, SomeRows.Noon, SomeRows.Noon + SomeRows.Hour);
        var wanted = Naive.Matching(rows, filter).ToList();

        Assert.Equal(wanted, rows.Where(r => LiveFilter.Matches(filter, r)));
        Assert.InRange(wanted.Count, 1, 399);
    }
}
