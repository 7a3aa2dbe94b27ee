using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Prices;

/// <summary>What is paid for, as <see cref="Usage"/> has it; a value, so that what a call will probably use can be priced without allocating.</summary>
internal readonly record struct Quantities
{
    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long CachedReadTokens { get; init; }

    public long CachedWriteTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public long AudioInputTokens { get; init; }

    public long ImageInputTokens { get; init; }

    public long AudioOutputTokens { get; init; }

    public int Images { get; init; }

    public double VideoSeconds { get; init; }

    public double ComputeSeconds { get; init; }

    public static Quantities Of(Usage usage) =>
        new()
        {
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
            CachedReadTokens = usage.CachedReadTokens,
            CachedWriteTokens = usage.CachedWriteTokens,
            ReasoningTokens = usage.ReasoningTokens,
            AudioInputTokens = usage.AudioInputTokens,
            ImageInputTokens = usage.ImageInputTokens,
            AudioOutputTokens = usage.AudioOutputTokens,
            Images = usage.Images,
            VideoSeconds = usage.VideoSeconds,
            ComputeSeconds = usage.ComputeSeconds,
        };
}
