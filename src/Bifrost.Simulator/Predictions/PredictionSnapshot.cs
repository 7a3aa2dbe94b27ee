using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>A prediction at one moment.</summary>
internal sealed record PredictionSnapshot(
    string Status,
    string? Output,
    string Logs,
    JsonNode? Error,
    JsonObject? Metrics,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    string Input
);
