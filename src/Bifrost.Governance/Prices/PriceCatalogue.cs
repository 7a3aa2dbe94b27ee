using System.Collections.Frozen;

namespace Bifrost.Governance.Prices;

/// <summary>List prices by provider and model. Immutable; may be asked from any thread.</summary>
public sealed class PriceCatalogue
{
    private static readonly Lazy<PriceCatalogue> Own = new(ReadEmbedded);

    private readonly FrozenDictionary<string, ProviderPrices> _providers;
    private readonly FrozenDictionary<string, string[]> _alternatives;
    private readonly FrozenDictionary<string, ModelPrice> _hardware;

    internal PriceCatalogue(
        string version,
        IReadOnlyDictionary<string, string> sources,
        IReadOnlyList<ModelPrice> models,
        IReadOnlyDictionary<string, ProviderPrices> providers,
        IReadOnlyDictionary<string, string[]> alternatives,
        IReadOnlyDictionary<string, ModelPrice> hardware
    )
    {
        Version = version;
        Sources = sources;
        Models = models;
        _providers = providers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _alternatives = alternatives.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _hardware = hardware.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The catalogue that comes with the program; read on first use.</summary>
    public static PriceCatalogue Embedded => Own.Value;

    /// <summary>The catalogue's date and a part of the hash of its bytes.</summary>
    public string Version { get; }

    /// <summary>What <see cref="ModelPrice.Source"/> stands for.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    public IReadOnlyList<ModelPrice> Models { get; }

    /// <summary>
    /// The price of a model as it is sent upstream, or null if it has none. A provider may be named as in the configuration
    /// (<c>bedrock</c>, <c>vertex</c>) or as in the catalogue; where it resells others' models, their makers' prices stand in for missing ones.
    /// </summary>
    public ModelPrice? Find(string provider, string model)
    {
        if (!_alternatives.TryGetValue(provider, out var names))
        {
            return null;
        }

        foreach (var name in names)
        {
            if (_providers.TryGetValue(name, out var prices) && prices.Find(model) is { } price)
            {
                return price;
            }
        }

        return null;
    }

    /// <summary>
    /// The price of Replicate's hardware by its SKU, such as <c>gpu-l40s</c>; null if unknown. Deployments are charged by it whatever model they
    /// run. Their idle and set-up time belongs to no call and is not part of it.
    /// </summary>
    public ModelPrice? FindHardware(string sku) => _hardware.GetValueOrDefault(sku);

    private static PriceCatalogue ReadEmbedded()
    {
        using var stream = typeof(PriceCatalogue).Assembly.GetManifestResourceStream("catalogue.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return CatalogueReader.Read(bytes.ToArray());
    }
}
