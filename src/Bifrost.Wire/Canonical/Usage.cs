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
}
