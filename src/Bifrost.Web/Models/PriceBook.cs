using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Models;

/// <summary>The prices of the operator's own, and what comes of them for a model.</summary>
public sealed record PriceBook(IReadOnlyList<OwnPrice> Prices, IReadOnlyList<ProviderKeyName> Keys)
{
    public static PriceBook Empty { get; } = new([], []);

    internal static async Task<Answer<PriceBook>> ReadAsync(GatewayApi api)
    {
        var own = await api.GetAsync<JsonObject>("api/governance/pricing-overrides");
        var providers = (await api.GetAsync<JsonObject>("api/providers")).Value?["providers"] as JsonArray ?? [];
        if (!own.IsGood)
        {
            return new Answer<PriceBook>(null, own.Problem);
        }

        List<OwnPrice> prices = [.. Objects(own.Value?["pricing_overrides"]).Select(OwnPrice.Of)];
        List<ProviderKeyName> keys = [];
        foreach (var provider in providers.OfType<JsonObject>())
        {
            var name = (string?)provider["name"] ?? "";
            prices.AddRange(Objects(provider["pricing_overrides"]).Select(p => OwnPrice.OfProvider(p, name)));
            keys.AddRange(
                Objects(provider["keys"]).Select(k => new ProviderKeyName((string?)k["id"] ?? "", (string?)k["name"] ?? "", name))
            );
        }

        return new Answer<PriceBook>(new PriceBook(prices, keys), null);
    }

    /// <summary>What a model costs whoever calls, with your own price laid over the catalogue's.</summary>
    public PricedModel Of(ModelEntry model)
    {
        var own = Prices.Where(p => p.IsFor(model.Provider, model.Name)).ToList();
        var strongest = own.Index()
            .Where(p => p.Item.IsForAllCalls)
            .OrderByDescending(p => p.Item.ScopeKind == "provider")
            .ThenByDescending(p =>
                p.Item.MatchType switch
                {
                    "exact" => 2,
                    "wildcard" => 1,
                    _ => 0,
                }
            )
            .ThenByDescending(p => p.Item.Pattern.Length)
            .ThenByDescending(p => p.Index)
            .Select(p => p.Item)
            .FirstOrDefault();
        var rates = new Dictionary<string, decimal>(model.Pricing ?? new Dictionary<string, decimal>(), StringComparer.Ordinal);
        foreach (var (kind, price) in strongest?.Rates ?? new Dictionary<string, decimal>())
        {
            rates[kind] = price;
        }

        return new PricedModel(model, rates, strongest, own.FirstOrDefault(p => !p.IsForAllCalls));
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}

/// <summary>A provider's key, by name.</summary>
public sealed record ProviderKeyName(string Id, string Name, string Provider);

/// <summary>A model and what it costs.</summary>
/// <param name="Model">As the catalogue has it.</param>
/// <param name="Rates">Empty: without a price.</param>
/// <param name="Own">The price of your own that holds for all calls; null: the catalogue's.</param>
/// <param name="Special">One that holds for some calls only, or null.</param>
public sealed record PricedModel(ModelEntry Model, IReadOnlyDictionary<string, decimal> Rates, OwnPrice? Own, OwnPrice? Special)
{
    public decimal? this[string kind] => Rates.TryGetValue(kind, out var price) ? price : null;
}
