using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A request for text, carried out: looked up, mapped, started, followed, answered. What differs between chat, completions and
/// responses is how it is mapped and named.</summary>
/// <param name="runtime">Shared state.</param>
/// <param name="exchange">The request.</param>
/// <param name="target">Where it goes.</param>
/// <param name="cancel">When nobody wants the answer any more.</param>
internal sealed class TextWork(ReplicateRuntime runtime, Exchange exchange, Target target, CancellationToken cancel)
{
    private static readonly TimeSpan ShortestTry = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _budget = ReplicateRuntime.BudgetOf(exchange, target);

    /// <summary>The text put before each answer, by its index, or null.</summary>
    public Func<int, string?> Echo { get; init; } = static _ => null;

    /// <summary>Makes the reply's id of the first prediction's, under which that prediction can be found again; null: the id itself.</summary>
    public Func<string, string>? NameReply { get; init; }

    /// <summary>The answer: a stream when the caller asked for one.</summary>
    public async Task<Outcome<Answer>> AnswerAsync<TRequest>(
        TRequest asked,
        Func<ResolvedModel, MappingOptions, Outcome<IReadOnlyList<MappedInput>>> map
    )
        where TRequest : class
    {
        var prepared = await PredictionLaunch.PrepareAsync(runtime, exchange, target, map, cancel);
        if (prepared.Failed(out var fault, out var launch))
        {
            return fault;
        }

        if ((await StartAllAsync(launch)).Failed(out fault, out var runs))
        {
            launch.Dispose();
            return fault;
        }

        var first = runs[0].Running.Latest;
        var started = new ReplyStarted(
            NameReply?.Invoke(first.Id) ?? first.Id,
            first.CreatedAt ?? runtime.Clock.GetUtcNow(),
            exchange.AskedModel
        );
        var deltas = new ReplyDeltas(exchange, launch, started, runs, _budget, cancel);
        if (exchange.Streams)
        {
            return StreamedAnswer.Of(deltas, asked, exchange.CallerSpeaks);
        }

        return (await WholeReply.GatherAsync(deltas, runs.Count, cancel)).Failed(out fault, out var reply)
            ? fault
            : WrittenAnswer.Of(reply, asked);
    }

    /// <summary>All runs at once. When one cannot be started, none goes on.</summary>
    private async Task<Outcome<IReadOnlyList<TextRun>>> StartAllAsync(PredictionLaunch launch)
    {
        // Waiting delays the stream's address to the end, so it is for models that do not stream.
        TimeSpan? wait = !exchange.Streams && launch.Model.Schema is { Streams: false } ? Min(_budget, TimeSpan.FromSeconds(60)) : null;
        var options = new CreateOptions { Wait = wait, CancelAfter = _budget };
        var deadline = runtime.Clock.GetUtcNow() + _budget;
        var starting = Enumerable.Range(0, launch.Starts.Count).Select(i => launch.StartAsync(i, options, cancel)).ToArray();
        await Task.WhenAll((Task[])starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var runs = new List<TextRun>(starting.Length);
        Fault? failed = null;
        foreach (var one in starting)
        {
            if (!one.IsCompletedSuccessfully)
            {
                continue;
            }

            if ((await one).Failed(out var fault, out var running))
            {
                failed ??= fault;
            }
            else
            {
                var index = runs.Count;
                runs.Add(new TextRun(running, launch.Starts[index], index, RulesOf(launch, index, wait, deadline)));
            }
        }

        if (runs.Count == starting.Length)
        {
            return runs;
        }

        runs.ForEach(run => run.Dispose());

        // The only way for a start to throw is that nobody wants the answer any more.
        return failed is null ? await ThrowAsync(starting) : failed;
    }

    private TextRunRules RulesOf(PredictionLaunch launch, int index, TimeSpan? wait, DateTimeOffset deadline)
    {
        async Task<Outcome<RunningPrediction>> AgainAsync(CancellationToken still)
        {
            var left = deadline - runtime.Clock.GetUtcNow();
            return left < ShortestTry
                ? new Fault(FaultKind.Timeout, "There is no time for another try.")
                : await launch.StartAsync(index, new CreateOptions { Wait = wait, CancelAfter = left }, still);
        }

        return new TextRunRules(wait is not null, deadline, exchange.Streams, Echo(index), NameReply is null ? AgainAsync : null);
    }

    private static async Task<Outcome<IReadOnlyList<TextRun>>> ThrowAsync(Task[] starting)
    {
        await Task.WhenAll(starting);
        throw new InvalidOperationException("All runs were started, and yet not.");
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
