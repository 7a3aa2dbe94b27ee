using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Chooses the script of a prediction's stream for the nth connection, counted from 0.</summary>
internal delegate StreamScript StreamChoice(SimulatedPrediction prediction, int connection);

/// <summary>Everything a script says about one prediction; captured when it is created.</summary>
internal sealed record PredictionPlan
{
    public static readonly PredictionPlan Healthy = new();

    /// <summary>When not empty, polls drive the prediction instead of time: each GET takes one step.</summary>
    public ImmutableArray<PredictionStep> Steps { get; init; } = [];

    public string? EndStatus { get; init; }

    public string? Error { get; init; }

    /// <summary>An error that is not a string, as old versions sent.</summary>
    public JsonNode? ErrorNode { get; init; }

    public bool HasOutput { get; init; }

    public JsonNode? Output { get; init; }

    public bool HasMetrics { get; init; }

    public JsonObject? Metrics { get; init; }

    public string? Logs { get; init; }

    public int? CreateStatusCode { get; init; }

    /// <summary>The create answers <c>processing</c> with the whole output and without metrics.</summary>
    public bool CreateShowsOutput { get; init; }

    /// <summary>The create never waits, whatever <c>Prefer</c> says.</summary>
    public bool IgnoresPrefer { get; init; }

    /// <summary>Whether <c>urls.stream</c> exists; null asks the schema.</summary>
    public bool? HasStream { get; init; }

    public string? StreamUrl { get; init; }

    public bool NanoTimestamps { get; init; }

    public bool NeverStarts { get; init; }

    public bool NeverFinishes { get; init; }

    public bool DataRemoved { get; init; }

    public bool DataUrls { get; init; }

    public TimeSpan? ColdStart { get; init; }

    public TimeSpan? RunTime { get; init; }

    public Action<JsonObject>? Edit { get; init; }

    public StreamChoice? Stream { get; init; }

    public ImmutableArray<StreamScript> Streams { get; init; } = [];

    /// <summary>The stream script of the nth connection; the last one repeats.</summary>
    public StreamScript? StreamFor(SimulatedPrediction prediction, int connection) =>
        Stream is not null ? Stream(prediction, connection)
        : Streams.IsEmpty ? null
        : Streams[Math.Min(connection, Streams.Length - 1)];
}
