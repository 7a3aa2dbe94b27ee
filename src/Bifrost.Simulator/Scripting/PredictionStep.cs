using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>What one GET of a prediction shows. The last step of a list that does not end terminally stays for ever.</summary>
public sealed record PredictionStep(string Status)
{
    /// <summary>Log text shown from this step on; null keeps what was there.</summary>
    public string? Logs { get; init; }

    /// <summary>Partial output shown from this step on; null keeps what was there.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>A step with nothing but a status.</summary>
    public static implicit operator PredictionStep(string status) => new(status);

    /// <summary>A step with nothing but a status.</summary>
    public static PredictionStep FromString(string status) => new(status);
}
