namespace Bifrost.Wire.Canonical;

/// <summary>What an answer consumed. Counts are as the provider reported them unless <see cref="Estimated"/>.</summary>
public sealed record Usage
{
    /// <summary>All input tokens, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long OutputTokens { get; init; }

    public long CachedReadTokens { get; init; }

    public long CachedWriteTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public long AudioInputTokens { get; init; }

    public long ImageInputTokens { get; init; }

    public long AudioOutputTokens { get; init; }

    /// <summary>Pictures made.</summary>
    public int Images { get; init; }

    /// <summary>Seconds of video made.</summary>
    public double VideoSeconds { get; init; }

    /// <summary>Seconds of the provider's hardware (Replicate's <c>predict_time</c>).</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>The counts are ours, not the provider's.</summary>
    public bool Estimated { get; init; }

    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>What two calls consumed together; null when neither is known.</summary>
    public static Usage? Sum(Usage? first, Usage? second) =>
        first is null || second is null
            ? first ?? second
            : new Usage
            {
                InputTokens = first.InputTokens + second.InputTokens,
                OutputTokens = first.OutputTokens + second.OutputTokens,
                CachedReadTokens = first.CachedReadTokens + second.CachedReadTokens,
                CachedWriteTokens = first.CachedWriteTokens + second.CachedWriteTokens,
                ReasoningTokens = first.ReasoningTokens + second.ReasoningTokens,
                AudioInputTokens = first.AudioInputTokens + second.AudioInputTokens,
                ImageInputTokens = first.ImageInputTokens + second.ImageInputTokens,
                AudioOutputTokens = first.AudioOutputTokens + second.AudioOutputTokens,
                Images = first.Images + second.Images,
                VideoSeconds = first.VideoSeconds + second.VideoSeconds,
                ComputeSeconds = first.ComputeSeconds + second.ComputeSeconds,
                Estimated = first.Estimated || second.Estimated,
            };
}
