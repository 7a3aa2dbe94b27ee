namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>How the operator wants requests mapped.</summary>
public sealed record MappingOptions
{
    public static readonly MappingOptions Standard = new();

    /// <summary>A parameter that would be dropped or changed is refused instead (400 <c>unsupported_parameter</c>).</summary>
    public bool Strict { get; init; }

    /// <summary>Sent, within the model's range, when a chat caller set no limit; models' own defaults are small. Null leaves them alone.
    /// Default 4096.</summary>
    public int? DefaultMaxTokens { get; init; } = 4096;

    /// <summary>Send 0 for penalties the caller left out where the model's default is something else, as OpenAI callers expect. Default false.</summary>
    public bool NeutralPenalties { get; init; }

    /// <summary>Legacy completions without a limit get OpenAI's 16 tokens instead of <see cref="DefaultMaxTokens"/>. Default false.</summary>
    public bool OpenAIDefaults { get; init; }

    /// <summary>Values of secret inputs by name, for instance <c>openai_api_key</c>.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>What schemas cannot say.</summary>
    public Overrides Overrides { get; init; } = Overrides.BuiltIn;

    /// <summary>Most predictions one request may become. Default 10.</summary>
    public int MaxRuns { get; init; } = 10;

    /// <summary>First seed of runs that must differ when the caller gave none.</summary>
    public Func<int> NewSeed { get; init; } = static () => Random.Shared.Next(1, 1_000_000_000);
}
