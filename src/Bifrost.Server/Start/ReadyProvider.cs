using Bifrost.Core.World;

namespace Bifrost.Server.Start;

/// <summary>A provider that can be called, as shown to people: names only, never a key's value.</summary>
/// <param name="Name">The prefix in model strings.</param>
/// <param name="Keys">The names of its keys; empty when it needs none.</param>
/// <param name="ExampleModel">A model to try it with, or null when none is known.</param>
internal sealed record ReadyProvider(string Name, IReadOnlyList<string> Keys, string? ExampleModel)
{
    // Small, cheap, and there for years.
    private static readonly Dictionary<string, string> WellKnown = new(StringComparer.Ordinal)
    {
        ["replicate"] = "meta/meta-llama-3-8b-instruct",
        ["openai"] = "gpt-4o-mini",
    };

    public static string ExampleOf(string kind) => WellKnown.GetValueOrDefault(kind, "model");

    /// <summary>The providers of a world that have what they need, by name.</summary>
    public static IReadOnlyList<ReadyProvider> In(GatewayWorld world) =>
        [
            .. world
                .Providers.Values.Where(p => p.IsConfigured)
                .OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase)
                .Select(p => new ReadyProvider(p.Id, [.. p.Keys.Select(k => k.Name)], ExampleIn(p))),
        ];

    /// <summary><c>keys a, b</c>, or that none is needed.</summary>
    public string Credential =>
        Keys.Count switch
        {
            0 => "needs no key",
            1 => $"key {Keys[0]}",
            _ => $"keys {string.Join(", ", Keys)}",
        };

    // A key that is limited to some models shows best what will work.
    private static string? ExampleIn(ProviderModel provider) =>
        provider.Keys.SelectMany(k => k.Aliases.Keys.Concat(k.Models ?? [])).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? (provider.Id == provider.Kind.Id ? WellKnown.GetValueOrDefault(provider.Id) : null);
}
