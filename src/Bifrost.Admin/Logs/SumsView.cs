using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>Sums as they are shown. Counts, tokens and money are exact; durations come from sketches and are right within 1 %.</summary>
internal static class SumsView
{
    /// <summary>The published members first.</summary>
    public static JsonObject Of(LogSums sums) =>
        new()
        {
            ["total_requests"] = sums.Requests,
            ["success_rate"] = SuccessRate(sums),
            ["average_latency"] = Average(sums.Latency),
            ["total_tokens"] = Tokens(sums),
            ["total_cost"] = Dollars.Write(sums.Cost),
            ["success_count"] = Successes(sums),
            ["error_count"] = sums.Errors,
            ["cancelled_count"] = sums.Cancelled,
            ["prompt_tokens"] = sums.InputTokens,
            ["completion_tokens"] = sums.OutputTokens,
            ["cached_read_tokens"] = sums.CachedReadTokens,
            ["reasoning_tokens"] = sums.ReasoningTokens,
            ["images"] = sums.Images,
            ["missing_cost_count"] = sums.Unpriced,
            ["estimated_cost_count"] = sums.Estimated,
            ["latency"] = Percentiles(sums.Latency),
            ["time_to_first_byte"] = Percentiles(sums.FirstByte),
        };

    public static long Tokens(LogSums sums) => sums.InputTokens + sums.OutputTokens;

    public static long Successes(LogSums sums) => sums.Requests - sums.Errors - sums.Cancelled;

    /// <summary>Percent; null without requests.</summary>
    public static decimal? SuccessRate(LogSums sums) =>
        sums.Requests == 0 ? null : decimal.Round(100m * Successes(sums) / sums.Requests, 3);

    /// <summary>Milliseconds; null when there is nothing to average.</summary>
    public static decimal? Average(LatencySketch sketch) => Micros.Milliseconds(sketch.Mean);

    public static decimal? Quantile(LatencySketch sketch, double quantile) => Micros.Milliseconds(sketch.Quantile(quantile));

    public static JsonObject Percentiles(LatencySketch sketch) =>
        new()
        {
            ["p50"] = Quantile(sketch, 0.5),
            ["p90"] = Quantile(sketch, 0.9),
            ["p95"] = Quantile(sketch, 0.95),
            ["p99"] = Quantile(sketch, 0.99),
        };
}
