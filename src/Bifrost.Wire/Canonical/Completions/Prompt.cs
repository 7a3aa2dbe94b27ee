using Bifrost.Wire.Canonical.Chat;

namespace Bifrost.Wire.Canonical.Completions;

/// <summary>Raw text to be continued (legacy completions). The answer is a <see cref="Reply"/> with text blocks.</summary>
public sealed record Prompt
{
    public required string Model { get; init; }

    /// <summary>One or more texts; each gets <see cref="Count"/> choices, in order.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    public Sampling Sampling { get; init; } = Sampling.Unset;

    public int Count { get; init; } = 1;

    /// <summary>Put the prompt before the answer.</summary>
    public bool Echo { get; init; }

    public string? Suffix { get; init; }

    public int? BestOf { get; init; }

    public int? LogProbs { get; init; }

    public bool Streams { get; init; }

    public bool IncludeUsage { get; init; }

    public string? User { get; init; }

    public Extensions Extensions { get; init; } = Extensions.None;
}
