using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>A create that was found valid.</summary>
internal sealed record PredictionRequest
{
    public required SimulatorModel Model { get; init; }

    public required string Version { get; init; }

    public required string Account { get; init; }

    public required JsonObject Input { get; init; }

    public string? Deployment { get; init; }

    public Uri? Webhook { get; init; }

    public ImmutableArray<string> WebhookEvents { get; init; } = [];

    /// <summary>How long the create is held open; null answers at once.</summary>
    public TimeSpan? Wait { get; init; }

    public TimeSpan? CancelAfter { get; init; }
}
