using System.Globalization;
using Bifrost.Storage;

namespace Bifrost.Benchmarks.Logs;

/// <param name="Rows">In the log before anything is asked.</param>
/// <param name="Days">Spread over so many.</param>
/// <param name="Rounds">How often everything is asked.</param>
/// <param name="Rate">Rows written each second meanwhile.</param>
/// <param name="Slack">Limits are stretched by this.</param>
/// <param name="Only">Only questions with this in their names; null: all.</param>
internal sealed record LogRunOptions(long Rows, int Days, int Rounds, int Rate, double Slack, string? Only);

/// <summary>Fills request logs with synthetic rows and measures how fast questions are answered while rows arrive. Exit code 1: a limit was missed.</summary>
internal static class LogRun
{
    private const string Usage = """
        usage: logs [--sqlite FILE] [--postgres CONNECTION] [--rows N] [--days N] [--rounds N] [--rate N] [--slack FACTOR] [--only TEXT] [--report FILE]
        """;

    public static async Task<int> StartAsync(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at + 1 < args.Length; at += 2)
        {
            given[args[at]] = args[at + 1];
        }

        double Number(string name, double usual) =>
            given.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : usual;

        if (args.Length % 2 != 0 || !(given.ContainsKey("--sqlite") || given.ContainsKey("--postgres")))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var options = new LogRunOptions(
            (long)Number("--rows", 10_000_000),
            (int)Number("--days", 31),
            (int)Number("--rounds", 20),
            (int)Number("--rate", 1000),
            Number("--slack", 1),
            given.GetValueOrDefault("--only")
        );
        var findings = new List<LogFindings>();
        if (given.TryGetValue("--sqlite", out var file))
        {
            var found = await new LogMeasure(options).RunAsync("SQLite", new SqliteSettings(file));
            found.Bytes = new[] { file, file + "-wal" }.Where(File.Exists).Sum(path => new FileInfo(path).Length);
            findings.Add(found);
        }

        if (given.TryGetValue("--postgres", out var connection))
        {
            findings.Add(await new LogMeasure(options).RunAsync("PostgreSQL", PostgresSettings.FromConnectionString(connection)));
        }

        var report = new LogReport(options, findings);
        await Console.Out.WriteAsync(report.Text());
        if (given.TryGetValue("--report", out var path))
        {
            await File.WriteAllTextAsync(path, report.Text());
        }

        return report.Missed == 0 ? 0 : 1;
    }
}
