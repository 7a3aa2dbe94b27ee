using Bifrost.Core.Contracts;
using Bifrost.Providers.OpenAI;
using Bifrost.Providers.Replicate;

namespace Bifrost.Providers;

/// <summary>The kinds of provider there are: a plain list, so that it can be searched, trimmed and read. A test compares it with the types that exist.</summary>
public static class ProviderCatalog
{
    public static IReadOnlyList<Provider> Build(ReplicateProvider replicate) => [new OpenAIProvider(), replicate];

    /// <summary>Published names of providers that are known and not served yet.</summary>
    public static IReadOnlyList<string> NotServed { get; } =
    [
        "anthropic",
        "azure",
        "bedrock",
        "cerebras",
        "cohere",
        "elevenlabs",
        "fireworks",
        "gemini",
        "groq",
        "huggingface",
        "mistral",
        "nebius",
        "ollama",
        "openrouter",
        "parasail",
        "perplexity",
        "runway",
        "sgl",
        "vertex",
        "vllm",
        "xai",
    ];
}
