using System.Globalization;
using System.Text;

namespace Bifrost.Benchmarks.Logs;

/// <summary>The findings as tables, in Markdown.</summary>
internal sealed class LogReport(LogRunOptions options, IReadOnlyList<LogFindings> findings)
{
    private static readonly (string Part, string Title)[] Parts =
    [
        ("page", "The first page (50 rows)"),
        ("total", "What is told beside the first page: sums of the filter, or how many match, up to 10,000"),
        ("dashboard", "The dashboard of 30 days"),
        ("group", "Sums of 30 days by one dimension"),
        ("values", "Values to filter by"),
        ("one", "One request"),
    ];

    /// <summary>Questions whose p95 is over their limit, in one database or the other.</summary>
    public int Missed => findings.Sum(found => found.Answers.Count(answer => IsMissed(answer.Key, answer.Value)));

    public string Text()
    {
        var text = new StringBuilder();
        Write(text, $"| | {string.Join(" | ", findings.Select(found => found.Database))} |");
        Write(text, $"|---|{string.Concat(findings.Select(_ => "---:|"))}");
        Line(text, "rows when asking began", found => $"{found.Rows:N0}");
        Line(text, "rows filled per second", found => found.FilledPerSecond is { } rate ? $"{rate:N0}" : "were there");
        Line(text, "rows written per second while asking", found => $"{found.WrittenPerSecond:N0} of {options.Rate:N0}");
        Line(text, "a batch of them took, p50 / p95 / most, ms", found => Spread(found.Batches));
        Line(text, "bytes on disk", found => found.Bytes == 0 ? "see below" : $"{found.Bytes / 1e9:F2} GB");
        Line(text, "memory of store and questions, MB", found => $"{found.MemoryMegabytes:N0}");
        Line(
            text,
            "questions over their limit",
            found => $"{found.Answers.Count(answer => IsMissed(answer.Key, answer.Value))} of {found.Answers.Count}"
        );

        foreach (var (part, title) in Parts)
        {
            var questions = findings[0].Answers.Keys.Where(question => question.Part == part).ToList();
            if (questions.Count == 0)
            {
                continue;
            }

            Write(text, $"\n## {title}\n");
            Write(text, $"| p50 / p95 / most, ms | limit of p95 | {string.Join(" | ", findings.Select(found => found.Database))} |");
            Write(text, $"|---|---:|{string.Concat(findings.Select(_ => "---:|"))}");
            foreach (var question in questions)
            {
                var answers = findings.Select(found => Answer(found, part, question.Name));
                Write(text, $"| {question.Name} | {question.Limit * options.Slack:N0} | {string.Join(" | ", answers)} |");
            }
        }

        return text.ToString();
    }

    private string Answer(LogFindings found, string part, string name)
    {
        var (question, answers) = found.Answers.First(answer => answer.Key.Part == part && answer.Key.Name == name);
        return Spread(answers) + (IsMissed(question, answers) ? " !" : "");
    }

    private bool IsMissed(Question question, Timings answers) => answers.Quantile(0.95) > question.Limit * options.Slack;

    private void Line(StringBuilder text, string name, Func<LogFindings, string> value) =>
        Write(text, $"| {name} | {string.Join(" | ", findings.Select(value))} |");

    private static string Spread(Timings timings) => $"{timings.Quantile(0.5):N1} / {timings.Quantile(0.95):N1} / {timings.Most:N1}";

    private static void Write(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
