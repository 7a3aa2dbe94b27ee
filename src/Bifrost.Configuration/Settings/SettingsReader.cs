using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Configuration.Settings;

/// <summary>Makes what is in force out of documents, with the same tables and rules that read config.json.</summary>
/// <param name="environment">The process's environment variables.</param>
/// <param name="kinds">The kinds of provider that are served.</param>
/// <param name="notServed">Published names of providers that are not.</param>
internal sealed class SettingsReader(Func<string, string?> environment, IReadOnlyList<Provider> kinds, IReadOnlyList<string> notServed)
{
    public Func<string, string?> Environment => environment;

    public IReadOnlyList<Provider> Kinds => kinds;

    public (ClientConfig Client, UnpricedModels Unpriced) Client(JsonObject document, Findings findings)
    {
        using var json = JsonDocument.Parse(JsonText.Bytes(document));
        var section = new SectionWalker(findings, environment).Walk(json.RootElement, PublishedShape.Client, "");
        var client = new ZeroConfig(findings, environment).Complete(ClientReader.Read(section, findings));
        return (client, ClientReader.Unpriced(section));
    }

    /// <summary>The provider with what its document comes to. A part that did not change stays the same instance, so that what was made for it
    /// (connections above all) can stay too.</summary>
    public ProviderDocument Provider(ProviderDocument document, ProviderDocument? before, Findings findings, string path)
    {
        using var json = JsonDocument.Parse(JsonText.Bytes(document.Whole()));
        var here = new Findings();
        var reader = new ProviderReader(new SectionWalker(here, environment), kinds, notServed);
        var config = reader.Read(document.Name, json.RootElement, path);
        foreach (var mistake in here.Mistakes)
        {
            // A mistake about the whole begins with a verb; in a file its path is the subject.
            var subject = mistake.Path.Length == 0 && mistake.Message.StartsWith("is ", StringComparison.Ordinal);
            findings.Mistake(mistake.Path, subject ? $"{JsonPath.Quoted(document.Name)} {mistake.Message}" : mistake.Message);
        }

        foreach (var warning in here.Warnings)
        {
            findings.Warning(warning);
        }

        if (config is not null && before?.Config is { } old && SameNetwork(document.Body, before.Body) && old.Kind == config.Kind)
        {
            config = config with { Network = old.Network };
        }

        return document with
        {
            Config = here.Mistakes.Count == 0 ? config : null,
            Prices = reader.Prices,
        };
    }

    /// <summary>Null, with mistakes told, when it cannot be used.</summary>
    public PriceDocument? Price(string id, JsonObject document, Findings findings)
    {
        using var json = JsonDocument.Parse(JsonText.Bytes(document));
        var walker = new SectionWalker(findings, environment);
        var price = PriceOverrideReader.Scoped(walker.Walk(json.RootElement, PriceShape.Scoped, ""), id, walker);
        return price is null ? null : new PriceDocument(id, document, price);
    }

    public SectionReading Walk(JsonObject document, Section shape, Findings findings)
    {
        using var json = JsonDocument.Parse(JsonText.Bytes(document));
        return new SectionWalker(findings, environment).Walk(json.RootElement, shape, "");
    }

    private static bool SameNetwork(JsonObject one, JsonObject other) =>
        JsonNode.DeepEquals(one["network_config"], other["network_config"]);
}
