using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>A model at a provider, and how it does against the time before, as published.</summary>
internal static class Ranking
{
    public static JsonObject Of(RankedModel model, LogSums? before)
    {
        var sums = model.Sums;
        return new JsonObject
        {
            ["model"] = Shown(model.Model),
            ["provider"] = Shown(model.Provider),
            ["total_requests"] = sums.Requests,
            ["success_count"] = SumsView.Successes(sums),
            ["success_rate"] = SumsView.SuccessRate(sums),
            ["total_tokens"] = SumsView.Tokens(sums),
            ["total_cost"] = Dollars.Write(sums.Cost),
            ["avg_latency"] = SumsView.Average(sums.Latency),
            ["trend"] = new JsonObject
            {
                ["has_previous_period"] = before is { Requests: > 0 },
                ["requests_trend"] = Percent(sums.Requests, before?.Requests),
                ["tokens_trend"] = Percent(SumsView.Tokens(sums), before is null ? null : SumsView.Tokens(before)),
                ["cost_trend"] = Percent(sums.Cost, before?.Cost),
                ["latency_trend"] = Percent(SumsView.Average(sums.Latency) ?? 0, before is null ? null : SumsView.Average(before.Latency)),
            },
        };
    }

    private static string Shown(string value) => value.Length == 0 ? Dimension.None : value;

    /// <summary>Zero where there was nothing before to compare with.</summary>
    private static decimal Percent(decimal now, decimal? before) =>
        before is { } then && then != 0 ? decimal.Round(100m * (now - then) / then, 2) : 0;
}

internal sealed record RankedModel(string Provider, string Model, LogSums Sums);
