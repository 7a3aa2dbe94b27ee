using System.Globalization;

namespace Bifrost.Benchmarks.Soak;

/// <summary>What the server takes at a moment, from outside and as its own metrics tell.</summary>
/// <param name="At">Since the first request.</param>
/// <param name="Resident">Bytes of memory.</param>
/// <param name="Heap">Bytes on the managed heap, dead ones too.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="Threads">Of the operating system.</param>
/// <param name="QueuedRows">Log rows that wait.</param>
/// <param name="QueuedBytes">Of log content that waits.</param>
/// <param name="DroppedRows">Log rows that are missing.</param>
/// <param name="DroppedContents">Log contents that are missing.</param>
/// <param name="LedgerBehind">Calls that the ledger's database has not got yet.</param>
internal sealed record SoakSample(
    TimeSpan At,
    double Resident,
    double Heap,
    double Handles,
    double Threads,
    double QueuedRows,
    double QueuedBytes,
    double DroppedRows,
    double DroppedContents,
    double LedgerBehind
)
{
    public static async Task<SoakSample> TakeAsync(HttpClient http, Uri server, int process, TimeSpan at)
    {
        var metrics = Parse(await http.GetStringAsync(new Uri(server, "/metrics")));
        var status = (await File.ReadAllLinesAsync($"/proc/{process}/status"))
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal);

        double Metric(string name) =>
            metrics.TryGetValue(name, out var value) ? value : throw new InvalidOperationException($"/metrics does not tell {name}.");

        return new SoakSample(
            at,
            1024 * double.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture),
            Metric("dotnet_gc_heap_size_bytes"),
            Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
            double.Parse(status["Threads"], CultureInfo.InvariantCulture),
            Metric("bifrost_log_queue_rows"),
            Metric("bifrost_log_queue_content_bytes"),
            Metric("bifrost_log_dropped_rows_total"),
            Metric("bifrost_log_dropped_contents_total"),
            Metric("bifrost_ledger_behind_calls")
        );
    }

    /// <summary>Series without labels.</summary>
    private static Dictionary<string, double> Parse(string page)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in page.Split('\n'))
        {
            if (!line.StartsWith('#') && !line.Contains('{', StringComparison.Ordinal) && line.Split(' ') is [var name, var value, ..])
            {
                series[name] = double.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return series;
    }
}
