namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What is known about a model beyond its schema.</summary>
public sealed record ModelTraits
{
    public static readonly ModelTraits None = new();

    public PromptStyle Prompt { get; init; }

    /// <summary>Null: the mask input's description decides, and white repaints when it does not say.</summary>
    public MaskPolarity? Mask { get; init; }

    /// <summary>Inputs that are needed although the schema does not say so.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Answers begin with a chain of thought whose opening tag may be missing.</summary>
    public bool ThinksFirst { get; init; }

    /// <summary>Bound of <see cref="MappingOptions.DefaultMaxTokens"/> for a model with a short context, or null.</summary>
    public int? StandardLimit { get; init; }

    /// <summary>Length of the model's videos where no input sets it.</summary>
    public double? VideoSeconds { get; init; }
}
