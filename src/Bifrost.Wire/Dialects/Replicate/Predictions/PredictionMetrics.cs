namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What a prediction is reported to have used. Null means: not reported.</summary>
public sealed record PredictionMetrics
{
    public static readonly PredictionMetrics None = new();

    /// <summary>Seconds of compute, without queueing.</summary>
    public double? PredictTime { get; init; }

    /// <summary>Seconds from creation to completion.</summary>
    public double? TotalTime { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public int? Images { get; init; }

    /// <summary>Every other number, by Replicate's own name.</summary>
    public IReadOnlyDictionary<string, double> Other { get; init; } = new Dictionary<string, double>();
}
