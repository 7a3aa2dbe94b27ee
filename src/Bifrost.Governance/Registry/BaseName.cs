using System.Buffers;

namespace Bifrost.Governance.Registry;

/// <summary>What of a model's name is the same at every provider: without the maker in front and without the version that Replicate puts behind.</summary>
internal static class BaseName
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    // As Amazon Bedrock writes model ids and inference profiles: `us.anthropic.claude-…`.
    private static readonly string[] Regions = ["us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.", "global."];

    private static readonly string[] Makers =
    [
        "ai21.",
        "amazon.",
        "anthropic.",
        "cohere.",
        "deepseek.",
        "luma.",
        "meta.",
        "mistral.",
        "openai.",
        "qwen.",
        "stability.",
        "twelvelabs.",
        "writer.",
    ];

    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        var colon = name.LastIndexOf(':');
        if (colon > 0 && name.Length - colon - 1 == 64 && !name[(colon + 1)..].ContainsAnyExcept(Hex))
        {
            name = name[..colon];
        }

        var maker = Without(Without(name, Regions), Makers);
        return maker.Length < Without(name, Regions).Length ? maker : name;
    }

    private static ReadOnlySpan<char> Without(ReadOnlySpan<char> name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return name[prefix.Length..];
            }
        }

        return name;
    }
}
