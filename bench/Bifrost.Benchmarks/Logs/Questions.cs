using Bifrost.Observability.Stores;

namespace Bifrost.Benchmarks.Logs;

/// <param name="Part">Which table it belongs to.</param>
/// <param name="Name">What is asked.</param>
/// <param name="Limit">Milliseconds that 95 of 100 answers may take.</param>
/// <param name="Ask">Asks the store, as of a moment (Unix microseconds).</param>
internal sealed record Question(string Part, string Name, double Limit, Func<ILogStore, long, Task> Ask)
{
    /// <summary>Of a page.</summary>
    public Func<long, LogFilter>? Filter { get; init; }
}

/// <summary>What people ask of a log: pages of every kind, the dashboard, sums by each dimension, values to filter by, one request.</summary>
internal sealed class Questions(SyntheticWorld world, IReadOnlyList<string> knownIds)
{
    private const double PageLimit = 200;
    private const double DashboardLimit = 300;
    private const double GroupLimit = 500;
    private const double TotalLimit = 200;
    private const int PageRows = 50;
    private const int MostCounted = 10_000;
    private static readonly TimeSpan CountedWithin = TimeSpan.FromMilliseconds(100);
    private const long Day = 86_400_000_000;
    private const long Days = 30 * Day;

    private int _found;

    public IReadOnlyList<Question> All()
    {
        var pages = Pages().ToList();
        // Sorting does not change how many there are.
        var totals = pages.Where(page => page.Filter is not null && !page.Name.Contains(" by ", StringComparison.Ordinal)).Select(Total);
        return [.. pages, .. totals, .. Dashboard(), .. Groups(), .. Others()];
    }

    private IEnumerable<Question> Pages()
    {
        foreach (var dimension in Enum.GetValues<LogDimension>())
        {
            foreach (var frequency in Enum.GetValues<Frequency>())
            {
                yield return Page($"{dimension}, {Word(frequency)}", now => Where((dimension, world.ValueOf(dimension, frequency))));
            }
        }

        yield return Page("everything", _ => new LogFilter());
        yield return Page("the last hour", now => new LogFilter { From = now - (Day / 24) });
        yield return Page("a day three weeks ago", now => new LogFilter { From = now - (21 * Day), To = now - (20 * Day) });
        yield return Page("an unknown model", _ => Where((LogDimension.Model, "no-such-model")));
        yield return Page(
            "two virtual keys and errors",
            _ => Where((LogDimension.VirtualKey, Key(0)), (LogDimension.VirtualKey, Key(1)), (LogDimension.Status, "error"))
        );
        yield return Page(
            "rare key, rare fault",
            _ => Where((LogDimension.VirtualKey, Key(world.Keys.Count - 1)), (LogDimension.Fault, "gateway_fault"))
        );
        yield return Page(
            "a model at a provider where it is not",
            _ => Where((LogDimension.Model, world.Models[0].Name), (LogDimension.Provider, world.Models[1].Provider))
        );
        yield return Page(
            "five dimensions at once",
            _ =>
                Where(
                    (LogDimension.Provider, world.Keys[0].Uses[0].Provider),
                    (LogDimension.Model, world.Keys[0].Uses[0].Name),
                    (LogDimension.VirtualKey, Key(0)),
                    (LogDimension.Status, "success"),
                    (LogDimension.Streamed, "false")
                )
        );
        yield return Page("latency over 1 s", _ => new LogFilter { Latency = new(1_000_000, null) });
        yield return Page("latency over 60 s (few)", _ => new LogFilter { Latency = new(60_000_000, null) });
        yield return Page("latency over a day (none)", _ => new LogFilter { Latency = new(Day, null) });
        yield return Page("tokens 1000 to 1010", _ => new LogFilter { Tokens = new(1000, 1010) });
        yield return Page("tokens over 60,000 (few)", _ => new LogFilter { Tokens = new(60_000, null) });
        yield return Page("cost over a cent", _ => new LogFilter { Cost = new(10_000_000, null) });
        yield return Page("cost over a dollar (few)", _ => new LogFilter { Cost = new(1_000_000_000, null) });
        yield return Page("cost exactly 123,456,789 (hardly any)", _ => new LogFilter { Cost = new(123_456_789, 123_456_789) });
        yield return Page("missing cost only", _ => new LogFilter { MissingCostOnly = true });
        yield return Page(
            "missing cost at a model with a price (none)",
            _ => Where((LogDimension.Model, world.Models[0].Name)) with { MissingCostOnly = true }
        );
        yield return Page(
            "latency over 10 s of a rare key",
            _ => Where((LogDimension.VirtualKey, Key(world.Keys.Count - 1))) with { Latency = new(10_000_000, null) }
        );
        yield return Page("metadata, frequent", _ => Tagged("project", "p0"));
        yield return Page("metadata, rare", _ => Tagged("session", "s77"));
        yield return Page("metadata, absent", _ => Tagged("project", "nobody"));
        yield return Page(
            "two metadata",
            _ => Tagged("project", "p42") with { Metadata = [new("project", "p42"), new("environment", "staging")] }
        );
        yield return Page(
            "metadata and a rare key",
            _ => Where((LogDimension.VirtualKey, Key(world.Keys.Count - 1))) with { Metadata = [new("project", "p0")] }
        );
        yield return Page(
            "metadata and errors",
            _ => Where((LogDimension.Status, "error")) with { Metadata = [new("environment", "production")] }
        );
        yield return Page("text, frequent word", _ => new LogFilter { Text = SyntheticText.Frequent });
        yield return Page("text, rare word", _ => new LogFilter { Text = SyntheticText.Rare });
        yield return Page("text, absent word", _ => new LogFilter { Text = "nowhere" });
        yield return Page("text, two middling words", _ => new LogFilter { Text = "w300 w411" });
        yield return Page("text, frequent and rare", _ => new LogFilter { Text = $"{SyntheticText.Frequent} {SyntheticText.Rare}" });
        yield return Page(
            "text, frequent word of a rare key",
            _ => Where((LogDimension.VirtualKey, Key(world.Keys.Count - 1))) with { Text = SyntheticText.Frequent }
        );
        yield return Page(
            "text, frequent word in latency over 60 s",
            _ => new LogFilter { Text = SyntheticText.Frequent, Latency = new(60_000_000, null) }
        );
        foreach (var sort in Enum.GetValues<LogSort>())
        {
            foreach (var descending in new[] { true, false })
            {
                var way = descending ? "falling" : "rising";
                yield return Page($"everything by {sort}, {way}", _ => new LogFilter(), sort, descending);
                yield return Page($"30 days by {sort}, {way}", now => new LogFilter { From = now - Days }, sort, descending);
                yield return Page(
                    $"a rare key by {sort}, {way}",
                    _ => Where((LogDimension.VirtualKey, Key(world.Keys.Count - 1))),
                    sort,
                    descending
                );
                yield return Page($"errors by {sort}, {way}", _ => Where((LogDimension.Status, "error")), sort, descending);
            }
        }

        yield return Page("frequent word by Latency, falling", _ => new LogFilter { Text = SyntheticText.Frequent }, LogSort.Latency);
        yield return Page("frequent metadata by Cost, falling", _ => Tagged("project", "p0"), LogSort.Cost);
        yield return Deep("page 20 by cursor", LogSort.Time);
        yield return Deep("page 20 by cursor, by Cost", LogSort.Cost);
        yield return new Question(
            "page",
            "5,000 rows passed over by offset",
            PageLimit,
            (store, _) => store.PageAsync(new(new(), LogSort.Time, true, PageRows, null, 5000), default)
        );
    }

    private static IEnumerable<Question> Dashboard()
    {
        const int hour = 3600;
        const int day = 24 * hour;
        // As /api/logs/stats, /histogram… and /groups ask; only charts of latency need its sketches.
        (string Name, int? Bucket, LogDimension? By, int? Top, bool Latency)[] parts =
        [
            ("sums", null, null, null, true),
            ("by hour: count, tokens", hour, null, null, false),
            ("by hour: latency", hour, null, null, true),
            ("by day: count, tokens", day, null, null, false),
            ("by day: latency", day, null, null, true),
            ("by day and model, the 20 dearest: cost, count", day, LogDimension.Model, 20, false),
            ("by hour and model, the 20 dearest: cost, count", hour, LogDimension.Model, 20, false),
            ("by day and provider: cost, tokens", day, LogDimension.Provider, 20, false),
            ("by hour and provider: cost, tokens", hour, LogDimension.Provider, 20, false),
            ("by day and provider: latency", day, LogDimension.Provider, 20, true),
            ("by hour and provider: latency", hour, LogDimension.Provider, 20, true),
            ("models", null, LogDimension.Model, null, true),
            ("virtual keys", null, LogDimension.VirtualKey, null, true),
        ];

        static Task AskAsync(ILogStore store, long now, (string, int? Bucket, LogDimension? By, int? Top, bool Latency) part) =>
            store.AggregateAsync(new(new LogFilter { From = now - Days, To = now }, part.Bucket, part.By, part.Top, part.Latency), default);

        foreach (var part in parts)
        {
            yield return new Question("dashboard", part.Name, DashboardLimit, (store, now) => AskAsync(store, now, part));
        }

        var page = parts.Where(part => part.Bucket != hour).ToList();
        yield return new Question(
            "dashboard",
            "all of them but those by hour, at once, as a browser asks",
            DashboardLimit,
            (store, now) => Task.WhenAll(page.Select(part => AskAsync(store, now, part)))
        );
    }

    private IEnumerable<Question> Groups()
    {
        foreach (var dimension in Enum.GetValues<LogDimension>())
        {
            yield return new Question(
                "group",
                $"{dimension}",
                GroupLimit,
                (store, now) => store.AggregateAsync(new(new LogFilter { From = now - Days, To = now }, null, dimension), default)
            );
        }

        yield return new Question(
            "group",
            "Model, of one virtual key",
            GroupLimit,
            (store, now) =>
                store.AggregateAsync(
                    new(Where((LogDimension.VirtualKey, Key(0))) with { From = now - Days, To = now }, null, LogDimension.Model),
                    default
                )
        );
        yield return new Question(
            "group",
            "Team by day, of errors",
            GroupLimit,
            (store, now) =>
                store.AggregateAsync(
                    new(Where((LogDimension.Status, "error")) with { From = now - Days, To = now }, 86_400, LogDimension.Team, 20),
                    default
                )
        );
    }

    private IEnumerable<Question> Others()
    {
        foreach (var dimension in Enum.GetValues<LogDimension>())
        {
            yield return new Question(
                "values",
                $"{dimension}, of 30 days",
                PageLimit,
                (store, now) => store.DistinctAsync(dimension, new LogFilter { From = now - Days, To = now }, 500, default)
            );
        }

        yield return new Question(
            "values",
            "metadata, of 30 days",
            PageLimit,
            (store, now) => store.MetadataAsync(new LogFilter { From = now - Days, To = now }, 100, default)
        );
        yield return new Question(
            "values",
            "all of them at once",
            GroupLimit,
            (store, now) =>
                Task.WhenAll(
                    Enum.GetValues<LogDimension>()
                        .Select(dimension => store.DistinctAsync(dimension, new LogFilter { From = now - Days, To = now }, 500, default))
                )
        );
        yield return new Question(
            "one",
            "a request by its id",
            PageLimit,
            async (store, _) =>
            {
                if (await store.FindAsync(knownIds[_found++ % knownIds.Count], default) is null)
                {
                    throw new InvalidOperationException("A row that was written is not there.");
                }
            }
        );
        yield return new Question("one", "an id that is not there", PageLimit, (store, _) => store.FindAsync("nobody", default));
        yield return new Question(
            "one",
            "its content",
            PageLimit,
            (store, _) => store.PayloadAsync(knownIds[_found++ % knownIds.Count], default)
        );
    }

    private static Question Page(string name, Func<long, LogFilter> filter, LogSort sort = LogSort.Time, bool descending = true) =>
        new("page", name, PageLimit, (store, now) => store.PageAsync(new(filter(now), sort, descending, PageRows, null), default))
        {
            Filter = filter,
        };

    /// <summary>What is told beside the first page: the sums of a plain filter, or how many rows match, up to 10,000.</summary>
    private static Question Total(Question page) =>
        new(
            "total",
            page.Name,
            TotalLimit,
            (store, now) =>
                page.Filter!(now) is { IsPlain: true } plain
                    ? store.AggregateAsync(new(plain, null, null), default)
                    : store.CountAsync(page.Filter(now), MostCounted, CountedWithin, default)
        );

    private static Question Deep(string name, LogSort sort)
    {
        string? cursor = null;
        return new Question(
            "page",
            name,
            PageLimit,
            async (store, _) =>
            {
                // The way there is walked once and does not count for much among many.
                for (var page = 1; cursor is null && page < 2; page++)
                {
                    cursor = (await store.PageAsync(new(new(), sort, true, 950, null), default)).Next;
                }

                await store.PageAsync(new(new(), sort, true, PageRows, cursor), default);
            }
        );
    }

    private string Key(int number) => world.Keys[number].Id;

    private static LogFilter Tagged(string name, string value) => new() { Metadata = [new(name, value)] };

    private static LogFilter Where(params (LogDimension Dimension, string Value)[] values) =>
        new()
        {
            Values = values
                .GroupBy(value => value.Dimension)
                .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(value => value.Value)]),
        };

    private static string Word(Frequency frequency) =>
        frequency switch
        {
            Frequency.Most => "frequent value",
            Frequency.Some => "middling value",
            _ => "rare value",
        };
}
