using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;

namespace Bifrost.Configuration.Settings;

/// <summary>A provider's key as it is set: published shape, without its id.</summary>
internal sealed record KeyDocument(string Id, JsonObject Body)
{
    public string? FileHash { get; init; }

    public string Name => Body["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>A provider as it is set, and what that comes to. Its nodes are never changed, only replaced.</summary>
internal sealed record ProviderDocument(string Name, JsonObject Body, ImmutableArray<KeyDocument> Keys, Origin Origin)
{
    public string? FileHash { get; init; }

    public ProviderConfig? Config { get; init; }

    /// <summary>Its <c>pricing_overrides</c>.</summary>
    public IReadOnlyList<PriceOverride> Prices { get; init; } = [];

    public string? Trouble { get; init; }

    /// <summary>As config.json would say it.</summary>
    public JsonObject Whole()
    {
        var whole = Body.DeepClone().AsObject();
        var keys = new JsonArray();
        foreach (var key in Keys)
        {
            var item = key.Body.DeepClone().AsObject();
            item["id"] = key.Id;
            keys.Add((JsonNode)item);
        }

        whole["keys"] ??= keys;
        return whole;
    }
}

/// <summary>Everything set, at one moment.</summary>
internal sealed record SettingsState
{
    public JsonObject ClientDocument { get; init; } = [];

    public string? ClientHash { get; init; }

    public ClientConfig Client { get; init; } = new();

    public UnpricedModels UnpricedModels { get; init; }

    public ImmutableSortedDictionary<string, ProviderDocument> Providers { get; init; } =
        ImmutableSortedDictionary.Create<string, ProviderDocument>(StringComparer.OrdinalIgnoreCase);

    public JsonObject AuthDocument { get; init; } = [];

    public string? AuthHash { get; init; }

    public AuthSettings Auth { get; init; } = AuthSettings.None;

    public JsonObject ProxyDocument { get; init; } = [];

    public ProxyConfig? Proxy { get; init; }

    public string? ProxyHash { get; init; }

    public ImmutableSortedDictionary<string, PriceDocument> Prices { get; init; } =
        ImmutableSortedDictionary.Create<string, PriceDocument>(StringComparer.Ordinal);

    public GatewayConfig Config =>
        new()
        {
            Client = Client,
            Proxy = Proxy,
            Providers = Providers
                .Values.Where(p => p.Config is not null)
                .ToDictionary(p => p.Name, p => p.Config!, StringComparer.OrdinalIgnoreCase),
        };

    public SettingsState With(ProviderDocument provider) => this with { Providers = Providers.SetItem(provider.Name, provider) };
}

/// <summary>An override of prices as it was entered, and what that comes to.</summary>
internal sealed record PriceDocument(string Id, JsonObject Body, PriceOverride Override)
{
    public string? FileHash { get; init; }
}
