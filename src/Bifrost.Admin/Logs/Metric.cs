using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>One number of many requests.</summary>
/// <param name="Word">As it is asked for.</param>
/// <param name="Of">Null where there is nothing to say.</param>
internal sealed record Metric(string Word, Func<LogSums, decimal?> Of)
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("requests", static s => s.Requests),
        new("successes", static s => SumsView.Successes(s)),
        new("errors", static s => s.Errors),
        new("cancelled", static s => s.Cancelled),
        new("success_rate", SumsView.SuccessRate),
        new("tokens", static s => SumsView.Tokens(s)),
        new("input_tokens", static s => s.InputTokens),
        new("output_tokens", static s => s.OutputTokens),
        new("cached_read_tokens", static s => s.CachedReadTokens),
        new("reasoning_tokens", static s => s.ReasoningTokens),
        new("images", static s => s.Images),
        new("cost", static s => Dollars.Write(s.Cost).GetValue<decimal>()),
        new("missing_cost", static s => s.Unpriced),
        new("latency", static s => SumsView.Average(s.Latency)),
        new("latency_p50", static s => SumsView.Quantile(s.Latency, 0.5)),
        new("latency_p90", static s => SumsView.Quantile(s.Latency, 0.9)),
        new("latency_p95", static s => SumsView.Quantile(s.Latency, 0.95)),
        new("latency_p99", static s => SumsView.Quantile(s.Latency, 0.99)),
        new("first_byte", static s => SumsView.Average(s.FirstByte)),
        new("first_byte_p50", static s => SumsView.Quantile(s.FirstByte, 0.5)),
        new("first_byte_p95", static s => SumsView.Quantile(s.FirstByte, 0.95)),
        new("first_byte_p99", static s => SumsView.Quantile(s.FirstByte, 0.99)),
    ];

    /// <summary>It is told from latency sketches.</summary>
    public bool IsLatency =>
        Word.StartsWith("latency", StringComparison.Ordinal) || Word.StartsWith("first_byte", StringComparison.Ordinal);

    public static IReadOnlyList<(string Word, Metric? Value)> Choices { get; } = [.. All.Select(static m => (m.Word, (Metric?)m))];

    public static string Words { get; } = string.Join(", ", All.Select(static m => m.Word));

    public JsonNode? Node(LogSums sums) => Of(sums) is { } value ? JsonValue.Create(value) : null;
}
