using System.Diagnostics;
using Bifrost.Observability.Stores;
using Bifrost.Storage;
using Bifrost.Storage.Logs;

namespace Bifrost.Benchmarks.Logs;

/// <summary>What was found out about one database.</summary>
internal sealed record LogFindings(string Database)
{
    public Dictionary<Question, Timings> Answers { get; } = [];

    public long Rows { get; set; }

    /// <summary>Null: the rows were there already.</summary>
    public double? FilledPerSecond { get; set; }

    public double WrittenPerSecond { get; set; }

    /// <summary>How long each batch took that was written meanwhile, milliseconds.</summary>
    public Timings Batches { get; } = new();

    public long Bytes { get; set; }

    /// <summary>At the end, of this process, which is store and questions together.</summary>
    public double MemoryMegabytes { get; set; }
}

/// <summary>Fills a log and asks it everything, many times, while rows arrive.</summary>
internal sealed class LogMeasure(LogRunOptions options)
{
    private const long Day = 86_400_000_000;
    private const int KnownIds = 200;

    private readonly SyntheticWorld _world = SyntheticWorld.Of(50, 200);

    public async Task<LogFindings> RunAsync(string database, StoreSettings settings)
    {
        var found = new LogFindings(database);
        await using var store = await LogStore.OpenAsync(settings, new LogStoreOptions(), TimeProvider.System, default);
        await FillAsync(store, found);
        if (options.Rounds > 0)
        {
            await AskAsync(store, found);
        }

        found.MemoryMegabytes = Environment.WorkingSet / 1048576.0;
        return found;
    }

    private async Task FillAsync(LogStore store, LogFindings found)
    {
        var there = await store.CountAsync(new LogFilter(), long.MaxValue, default);
        if (there >= options.Rows)
        {
            found.Rows = there;
            return;
        }

        var to = Traffic.Now();
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        await Traffic.FillAsync(
            store,
            new SyntheticRows(_world, (int)(to % 65_521)),
            options.Rows,
            to - (options.Days * Day),
            to,
            done =>
            {
                if (clock.Elapsed - told > TimeSpan.FromSeconds(10))
                {
                    told = clock.Elapsed;
                    Console.Error.WriteLine($"# {found.Database}: {done:N0} rows, {done / clock.Elapsed.TotalSeconds:N0}/s");
                }
            }
        );
        // What a start and each retention do.
        await store.RetainAsync(new LogRetention(long.MinValue, long.MinValue, null), default);
        found.FilledPerSecond = options.Rows / clock.Elapsed.TotalSeconds;
        found.Rows = await store.CountAsync(new LogFilter(), long.MaxValue, default);
    }

    private async Task AskAsync(LogStore store, LogFindings found)
    {
        var questions = new Questions(_world, await SomeIdsAsync(store)).All().Where(Wanted).ToList();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var flowing = Task.Run(
            () => Traffic.FlowAsync(store, new SyntheticRows(_world, Random.Shared.Next(65_521)), options.Rate, stop.Token),
            CancellationToken.None
        );
        try
        {
            // The first round warms the code and the caches; people wait for it too, but once.
            for (var round = 0; round <= options.Rounds; round++)
            {
                foreach (var question in questions)
                {
                    var began = Stopwatch.GetTimestamp();
                    await question.Ask(store, Traffic.Now());
                    var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                    if (round > 0)
                    {
                        found.Answers.TryAdd(question, new Timings());
                        found.Answers[question].Add(took);
                    }
                    else if (took > question.Limit)
                    {
                        await Console.Error.WriteLineAsync(
                            $"# {found.Database}: {question.Part}: {question.Name}: {took:N0} ms when first asked"
                        );
                    }
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        var (written, took2) = await flowing;
        found.WrittenPerSecond = written / clock.Elapsed.TotalSeconds;
        took2.ForEach(found.Batches.Add);
    }

    private bool Wanted(Question question) =>
        options.Only is not { } only || $"{question.Part}: {question.Name}".Contains(only, StringComparison.OrdinalIgnoreCase);

    private static async Task<List<string>> SomeIdsAsync(LogStore store)
    {
        var ids = new List<string>();
        for (var at = 0; at < KnownIds; at++)
        {
            var to = Traffic.Now() - (long)(at * (25.0 / KnownIds) * Day);
            var page = await store.PageAsync(new(new LogFilter { To = to }, LogSort.Time, true, 1, null), default);
            ids.AddRange(page.Rows.Select(row => row.Id));
        }

        return ids;
    }
}
