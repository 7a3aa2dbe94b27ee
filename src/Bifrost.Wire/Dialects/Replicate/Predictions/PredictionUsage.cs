using Bifrost.Wire.Canonical;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What a prediction consumed.</summary>
public static class PredictionUsage
{
    /// <summary>The token counts that Replicate reported in <c>metrics</c>, else in the logs; null when in neither. Compute seconds and pictures
    /// are filled in as far as they are known.</summary>
    public static Usage? Of(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var logged = LogUsage.Read(prediction.Logs);
        var metrics = prediction.Metrics;
        var (input, output) = (metrics.InputTokens ?? logged.Input, metrics.OutputTokens ?? logged.Output);
        return input is null && output is null
            ? null
            : Metered(prediction) with
            {
                InputTokens = input ?? 0,
                OutputTokens = output ?? 0,
                ReasoningTokens = Math.Min(logged.Reasoning ?? 0, output ?? 0),
                ImageInputTokens = Math.Min(logged.ImageInput ?? 0, input ?? 0),
            };
    }

    /// <summary>Compute seconds and pictures, with no token counts. For billing.</summary>
    public static Usage Metered(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return new Usage { ComputeSeconds = prediction.Metrics.PredictTime ?? 0, Images = prediction.Metrics.Images ?? 0 };
    }
}
