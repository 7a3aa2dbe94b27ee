using System.Globalization;

namespace Bifrost.Benchmarks.Soak;

/// <param name="What">Was looked at.</param>
/// <param name="Early">Its median in the second fifth of the time; the first fifth is warm-up.</param>
/// <param name="Late">In the last fifth.</param>
/// <param name="Most">What it may be.</param>
internal sealed record SoakJudgement(string What, double Early, double Late, double Most)
{
    public bool IsGood => Late <= Most;
}

/// <summary>Whether a soak was survived: nothing grows, nothing is missing, everybody was answered as they should be.</summary>
internal sealed class SoakVerdict
{
    private SoakVerdict(IReadOnlyList<SoakJudgement> judgements) => Judgements = judgements;

    public IReadOnlyList<SoakJudgement> Judgements { get; }

    public bool IsGood => Judgements.All(judgement => judgement.IsGood);

    /// <param name="samples">In order.</param>
    /// <param name="bound">How much more memory there may be at the end: 0.05 for 5 %.</param>
    /// <param name="callers">Who asked.</param>
    /// <param name="rows">In the log at the end.</param>
    public static SoakVerdict Of(IReadOnlyList<SoakSample> samples, double bound, SoakCallers callers, long rows)
    {
        var fifth = samples.Count / 5;
        var early = samples.Skip(fifth).Take(fifth).ToList();
        var late = samples.TakeLast(fifth).ToList();
        var last = samples[^1];

        SoakJudgement Flat(string what, Func<SoakSample, double> value, double some) =>
            new(what, Median(early, value), Median(late, value), (Median(early, value) * (1 + bound)) + some);

        return new SoakVerdict([
            Flat("resident memory, MB", sample => sample.Resident / 1048576, 0),
            Flat("open files and sockets", sample => sample.Handles, 5),
            Flat("threads", sample => sample.Threads, 3),
            new("log rows waiting, at most", Most(early), Most(late), 2000),
            new("log rows dropped", 0, last.DroppedRows, 0),
            new("log contents dropped", 0, last.DroppedContents, 0),
            // Who left early may be gone before the gateway had read what they want.
            new("requests without a row", 0, callers.Sent - callers.Left - rows, 0),
            new("rows without a request", 0, rows - callers.Sent, 0),
            new("answers other than they should be", 0, callers.Unexpected, 0),
            new("requests never answered", 0, callers.Open, 0),
        ]);
    }

    public string Table()
    {
        var lines = Judgements.Select(judgement =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {judgement.What} | {judgement.Early:N1} | {judgement.Late:N1} | {judgement.Most:N1} | {(judgement.IsGood ? "good" : "**not good**")} |"
            )
        );
        return $"| | second fifth | last fifth, or end | at most | |\n|---|---:|---:|---:|---|\n{string.Join('\n', lines)}\n";
    }

    private static double Median(IEnumerable<SoakSample> samples, Func<SoakSample, double> value)
    {
        var sorted = samples.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static double Most(IEnumerable<SoakSample> samples) => samples.Max(sample => sample.QueuedRows);
}
