using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Governance.Estimates;

/// <summary>Prices by target under one set of overrides. Found once and remembered, bounded; replaced whole when the overrides change. Any thread.</summary>
internal sealed class PriceTable(PriceCatalogue catalogue, PriceOverrides overrides, PricePolicy policy, LearnedUses learned)
{
    // Model names come from callers; somebody who asks for a million names must not fill the memory with them.
    private const int Remembered = 4_000;
    private const string Replicate = "replicate";

    // Multiples of a machine are sold by contract only (Replicate's pricing page, end of 2025): a public model of unknown hardware runs on
    // a single one, the dearest of which this is. A deployment may run on any.
    private const string DearestSingle = "gpu-h100";
    private const string DearestOfAll = "gpu-h100-8x";

    // A provider's model goes with its world; what is kept for it goes with it.
    private readonly ConditionalWeakTable<ProviderModel, ConcurrentDictionary<PriceKey, TargetPrice>> _providers = [];

    public PriceOverrides Overrides => overrides;

    public PricePolicy Policy => policy;

    /// <param name="target">What is called.</param>
    /// <param name="operation">How.</param>
    /// <param name="caller">Or null.</param>
    public TargetPrice Of(Target target, Operation operation, Caller? caller)
    {
        if (!_providers.TryGetValue(target.Provider, out var prices))
        {
            prices = _providers.GetValue(target.Provider, static _ => new ConcurrentDictionary<PriceKey, TargetPrice>());
        }

        // Where no price is for a single key, the caller's is not asked for: of all that is known of a caller nothing else would be needed here.
        var scoped = overrides.MentionKeys && caller?.Id is { } virtualKey && overrides.Mention(virtualKey) ? virtualKey : null;
        var key = new PriceKey(target.Model, target.Key.Id, scoped, operation);
        return prices.TryGetValue(key, out var known) ? known : Find(prices, key, target);
    }

    /// <summary>
    /// What the catalogue says of a model at a configured provider. A provider is known by its own name first; one with a name of the operator's
    /// by its kind, if it is called at the kind's own address. Another address with a known format is somebody else's server: it has no price until
    /// the operator sets one, because a wrong price is worse than none.
    /// </summary>
    public static ModelPrice? Listed(PriceCatalogue catalogue, ProviderModel provider, string model)
    {
        if (catalogue.Find(provider.Id, model) is { } own)
        {
            return own;
        }

        // Nobody but Replicate speaks Replicate's API.
        var kind = provider.Kind;
        return kind.Id != provider.Id && (kind.Id == Replicate || provider.Base == kind.Home) ? catalogue.Find(kind.Id, model) : null;
    }

    /// <summary>The price of a call that is over. Providers and keys may be gone by now; then the name alone tells.</summary>
    /// <param name="call">What was called, and how.</param>
    /// <param name="provider">The provider of that name now, or null.</param>
    public ModelPrice? Of(PastCall call, ProviderModel? provider)
    {
        var listed = provider is null ? catalogue.Find(call.Provider, call.Model) : Listed(catalogue, provider, call.Model);
        var scope = new PriceScope(call.Provider, call.ProviderKey, call.VirtualKey, call.Operation);
        var key = provider?.Keys.FirstOrDefault(k => k.Id == call.ProviderKey);
        return overrides.Apply(listed, scope, call.Model) ?? OnHardware(provider?.Kind.Id ?? call.Provider, call.Model, key);
    }

    private TargetPrice Find(ConcurrentDictionary<PriceKey, TargetPrice> prices, PriceKey key, Target target)
    {
        var scope = new PriceScope(target.Provider.Id, target.Key.Id, key.VirtualKey, key.Operation);
        var price =
            overrides.Apply(Listed(catalogue, target.Provider, target.Model), scope, target.Model)
            ?? OnHardware(target.Provider.Kind.Id, target.Model, target.Key);
        var found = new TargetPrice(price, learned.Of(target.Provider.Id, target.Model));
        if (prices.Count >= Remembered)
        {
            prices.Clear();
        }

        prices[key] = found;
        return found;
    }

    /// <summary>Deployments and versions are sold by the second. A name alone may be an official model, sold by what it makes; without an entry it
    /// has no price.</summary>
    private ModelPrice? OnHardware(string kind, string name, KeyModel? key)
    {
        if (kind != Replicate || ModelReference.Parse(name).Failed(out _, out var model))
        {
            return null;
        }

        if (key is not null && HardwareOf(key, name) is { } sku && catalogue.FindHardware(sku) is { } told)
        {
            return told with { Model = name };
        }

        var assumed = model.Kind switch
        {
            ReferenceKind.Deployment => DearestOfAll,
            ReferenceKind.Version => DearestSingle,
            _ => null,
        };
        return assumed is not null && catalogue.FindHardware(assumed) is { } dearest ? dearest with { Model = name, Assumed = true } : null;
    }

    /// <summary>What the operator says of a model in the key's <c>replicate_key_config.hardware</c>: SKU by model as it is sent.</summary>
    private static string? HardwareOf(KeyModel key, string model) =>
        key.Extras is { ValueKind: JsonValueKind.Object } extras
        && extras.TryGetProperty("hardware", out var hardware)
        && hardware.ValueKind == JsonValueKind.Object
        && hardware.TryGetProperty(model, out var sku)
        && sku.ValueKind == JsonValueKind.String
            ? sku.GetString()
            : null;

    private readonly record struct PriceKey(string Model, string Key, string? VirtualKey, Operation Operation);
}
