using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;

namespace Bifrost.Configuration;

/// <summary>Reads one entry of <c>providers</c>: one of the known ones, or a custom one that is built on a known one.</summary>
internal sealed class ProviderReader(SectionWalker walker, IReadOnlyList<Provider> kinds, IReadOnlyList<string> notServed)
{
    private const string Custom = "custom_provider_config";
    private const string BaseType = "base_provider_type";

    private readonly Findings _findings = walker.Findings;
    private readonly List<PriceOverride> _prices = [];

    /// <summary>The prices set at the providers read so far.</summary>
    public IReadOnlyList<PriceOverride> Prices => _prices;

    /// <summary>Null when it is not served, or not understood well enough to be read.</summary>
    public ProviderConfig? Read(string name, JsonElement element, string path)
    {
        if (notServed.Contains(name))
        {
            _findings.NotServed(path);
            return null;
        }

        if (!walker.Is(JsonValueKind.Object, element, path, "an object"))
        {
            return null;
        }

        if (KindOf(name) is { } known)
        {
            return ReadKnown(known, element, path);
        }

        if (WrittenBase(element) is { } written && notServed.Contains(written))
        {
            _findings.Warning($"`{path}` is built on `{written}`, which is not served by this version of Bifrost, and is ignored.");
            return null;
        }

        return ReadCustom(name, element, path);
    }

    private ProviderConfig ReadKnown(Provider kind, JsonElement element, string path)
    {
        var section = walker.Walk(element, PublishedShape.Provider, path);
        if (section.Has(Custom))
        {
            _findings.Mistake(
                section.PathOf(Custom),
                $"`{kind.Id}` is a provider Bifrost knows. A custom provider needs a name of its own, such as `my-{kind.Id}`."
            );
        }

        return Provider(name: kind.Id, kind, section, keyLess: false);
    }

    private ProviderConfig? ReadCustom(string name, JsonElement element, string path)
    {
        if (!HasCustomSection(element))
        {
            var question = NearMiss.Question(name, kinds.Select(k => k.Id).Concat(notServed));
            _findings.Mistake(path, $"is not a provider that Bifrost knows.{question} A provider of your own needs `{Custom}.{BaseType}`.");
            return null;
        }

        if (name.Length == 0 || name.Any(c => c == '/' || char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            _findings.Mistake(
                path,
                "is no name for a provider: it stands before the slash of a model. Write one without spaces and slashes."
            );
        }

        var section = walker.Walk(element, PublishedShape.Provider, path);
        var custom = section.Section(Custom);
        if (custom?.Text(BaseType) is not { } written)
        {
            return null;
        }

        if (KindOf(written) is not { } kind)
        {
            var served = string.Join(" or ", kinds.Select(k => $"`{k.Id}`"));
            var question = NearMiss.Question(written, kinds.Select(k => k.Id).Concat(notServed));
            _findings.Mistake(
                custom.PathOf(BaseType),
                $"{JsonPath.Quoted(written)} is not a provider that can be built on.{question} Write {served}."
            );
            return null;
        }

        if (section.Section("network_config") is not { } network || !network.Has("base_url"))
        {
            _findings.Mistake(path, "`network_config.base_url` is missing: a custom provider has no address of its own.");
        }

        return Provider(name, kind, section, custom.Flag("is_key_less") ?? false);
    }

    private ProviderConfig Provider(string name, Provider kind, SectionReading section, bool keyLess)
    {
        var network = NetworkReader.Read(section.Section("network_config"), _findings);
        if (network.BaseUrl is { } address && kind.DoubtAbout(kind.BaseOf(address)) is { } doubt)
        {
            _findings.Warning($"`{section.Path}.network_config.base_url`: {doubt}");
        }

        var keys = KeyReader.ReadAll(section.Sections("keys"), kind, keyLess, _findings);
        if (keys.Count == 0 && !keyLess && !section.Has("keys"))
        {
            _findings.Warning($"`{section.Path}` has no keys: only callers who send a key of their own can use it.");
        }

        var index = 0;
        foreach (var written in section.Sections("pricing_overrides"))
        {
            if (PriceOverrideReader.OfProvider(written, name, index++, walker) is { } price)
            {
                _prices.Add(price);
            }
        }

        return new ProviderConfig
        {
            Kind = kind.Id,
            Keys = keys,
            Network = network,
            KeyLess = keyLess,
        };
    }

    private Provider? KindOf(string name) => kinds.FirstOrDefault(k => k.Id == name);

    private static bool HasCustomSection(JsonElement element) =>
        element.TryGetProperty(Custom, out var custom) && custom.ValueKind != JsonValueKind.Null;

    private static string? WrittenBase(JsonElement element) =>
        HasCustomSection(element)
        && element.GetProperty(Custom) is { ValueKind: JsonValueKind.Object } custom
        && custom.TryGetProperty(BaseType, out var written)
        && written.ValueKind == JsonValueKind.String
            ? written.GetString()
            : null;
}
