using System.Text.Json;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>A prediction as Replicate reports it. Everything but the id may be missing.</summary>
public sealed record Prediction
{
    public required string Id { get; init; }

    /// <summary><c>owner/name</c>; now and then an internal alias.</summary>
    public string? Model { get; init; }

    /// <summary>An id, <c>hidden</c>, or something else altogether.</summary>
    public string? Version { get; init; }

    public PredictionStatus Status { get; init; }

    /// <summary>Null while there is none, and again after retention removed it. The element owns its memory.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>As text, whatever JSON it was.</summary>
    public string? Error { get; init; }

    public string Logs { get; init; } = "";

    public PredictionMetrics Metrics { get; init; } = PredictionMetrics.None;

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Input, output and logs were purged.</summary>
    public bool DataRemoved { get; init; }

    /// <summary>Upstream-controlled: check the host before following it with a credential.</summary>
    public string? GetUrl { get; init; }

    /// <inheritdoc cref="GetUrl"/>
    public string? CancelUrl { get; init; }

    /// <summary>Set when the prediction can be followed as events. <inheritdoc cref="GetUrl" path="/summary"/></summary>
    public string? StreamUrl { get; init; }

    public bool IsTerminal =>
        Status is PredictionStatus.Succeeded or PredictionStatus.Failed or PredictionStatus.Canceled or PredictionStatus.Aborted;

    /// <summary>Reads the body of an answer or of a webhook. Whatever the bytes, the answer is a prediction or a fault.</summary>
    public static Outcome<Prediction> Read(ReadOnlyMemory<byte> body) => PredictionReader.Read(body);

    /// <summary>Reads one of a list.</summary>
    public static Outcome<Prediction> Read(JsonElement prediction) => PredictionReader.Read(prediction);
}
