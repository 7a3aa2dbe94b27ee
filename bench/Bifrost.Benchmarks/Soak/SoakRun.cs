using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Benchmarks.Population;

namespace Bifrost.Benchmarks.Soak;

/// <summary>Starts the server, loads it at a fixed rate for a time, watches what it takes, and judges. Exit code 1: something grew, or is missing.</summary>
internal static class SoakRun
{
    private const string Usage =
        "usage: soak --server PROGRAM --folder DIR [--seconds N] [--rate N] [--bound SHARE] [--postgres HOST:PORT:USER:DATABASE] [--report FILE]";

    private const int Keys = 50;

    public static async Task<int> StartAsync(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at + 1 < args.Length; at += 2)
        {
            given[args[at]] = args[at + 1];
        }

        if (args.Length % 2 != 0 || !given.TryGetValue("--server", out var program) || !given.TryGetValue("--folder", out var folder))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        double Number(string name, double usual) =>
            given.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : usual;

        var length = TimeSpan.FromSeconds(Number("--seconds", 1800));
        var rate = (int)Number("--rate", 200);
        var keys = await PopulationRun.FillAsync(folder, Keys);
        if (keys is null)
        {
            return 2;
        }

        await using var upstream = await SoakUpstream.StartAsync();
        await using var server = await SoakServer.StartAsync(
            program,
            folder,
            upstream.Address,
            PostgresOf(given.GetValueOrDefault("--postgres"))
        );
        using var callers = new SoakCallers(server.Address, keys);
        var (samples, rows) = await WatchAsync(server, callers, rate, length);
        var verdict = SoakVerdict.Of(samples, Number("--bound", 0.05), callers, rows);
        var text = Text(verdict, samples, callers, rows, rate, length);
        await Console.Out.WriteAsync(text);
        if (given.TryGetValue("--report", out var report))
        {
            await File.WriteAllTextAsync(report, text);
        }

        return verdict.IsGood ? 0 : 1;
    }

    private static async Task<(List<SoakSample> Samples, long Rows)> WatchAsync(
        SoakServer server,
        SoakCallers callers,
        int rate,
        TimeSpan length
    )
    {
        using var http = new HttpClient();
        var samples = new List<SoakSample>();
        var clock = Stopwatch.StartNew();
        // Enough of them for medians in a short run, and not so many that asking is a load of its own in a long one.
        var apart = TimeSpan.FromSeconds(Math.Clamp(length.TotalSeconds / 300, 0.25, 5));
        var calling = callers.RunAsync(rate, length);
        for (var told = 1; !calling.IsCompleted; await Task.WhenAny(calling, Task.Delay(apart)))
        {
            if (server.HasEnded)
            {
                throw new InvalidOperationException("The server has ended; what it said is in said.log in its folder.");
            }

            var sample = await SoakSample.TakeAsync(http, server.Address, server.Id, clock.Elapsed);
            samples.Add(sample);
            if (clock.Elapsed >= told * TimeSpan.FromMinutes(1))
            {
                told++;
                await Console.Error.WriteLineAsync(
                    $"# {sample.At:mm\\:ss}: {callers.Sent} sent, {callers.Unexpected} unexpected, {sample.Resident / 1048576:N0} MB, {sample.Handles} files, {sample.Threads} threads, {sample.QueuedRows} rows wait"
                );
            }
        }

        await calling;
        var rows = await RowsAsync(http, server.Address);
        samples.Add(await SoakSample.TakeAsync(http, server.Address, server.Id, clock.Elapsed));
        return (samples, rows);
    }

    /// <summary>Once everything that waits is written.</summary>
    private static async Task<long> RowsAsync(HttpClient http, Uri server)
    {
        long rows = -1;
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(15); await Task.Delay(500))
        {
            var before = rows;
            var listed = JsonNode.Parse(await http.GetStringAsync(new Uri(server, "/api/logs?limit=1&objects=chat_completion")))!;
            rows = (long)listed["pagination"]!["total_count"]!;
            if (rows == before)
            {
                break;
            }
        }

        return rows;
    }

    private static JsonObject? PostgresOf(string? place) =>
        place?.Split(':') is [var host, var port, var user, var database]
            ? new()
            {
                ["host"] = host,
                ["port"] = int.Parse(port, CultureInfo.InvariantCulture),
                ["user"] = user,
                // Not looked at by a server that trusts its own machine, and not to be left out.
                ["password"] = "unused",
                ["db_name"] = database,
                ["ssl_mode"] = "disable",
            }
            : null;

    private static string Text(SoakVerdict verdict, List<SoakSample> samples, SoakCallers callers, long rows, int rate, TimeSpan length)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{rate} requests a second for {length.TotalSeconds:N0} s: {callers.Sent:N0} sent, {rows:N0} rows in the log. {(verdict.IsGood ? "Good." : "**Not good.**")}\n"
        );
        text.AppendLine(verdict.Table());
        text.AppendLine("| who | came out | times |\n|---|---|---:|");
        foreach (var ((kind, outcome), count) in callers.Outcomes.OrderBy(outcome => outcome.Key))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {kind} | {outcome} | {count:N0} |");
        }

        text.AppendLine(
            "\n| after | memory, MB | managed heap, MB | files | threads | rows waiting | ledger behind |\n|---|---:|---:|---:|---:|---:|---:|"
        );
        foreach (var sample in Enumerable.Range(0, 21).Select(at => samples[(samples.Count - 1) * at / 20]))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {sample.At:mm\\:ss} | {sample.Resident / 1048576:N0} | {sample.Heap / 1048576:N0} | {sample.Handles} | {sample.Threads} | {sample.QueuedRows} | {sample.LedgerBehind} |"
            );
        }

        return text.ToString();
    }
}
