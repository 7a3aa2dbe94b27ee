using System.Text.Json.Nodes;
using Bifrost.Testing.Stores;

namespace Bifrost.Testing.Governed;

/// <summary>Builds whole gateways with their control plane on free ports, each on an empty store of its own:
/// <c>await AGateway.Governed().Provider("openai", upstream).StartAsync(DatabaseKind.Sqlite)</c>. A call to the model <c>penny</c> costs a cent, a picture of
/// <c>penny-picture</c> too; <c>metered</c> is sold at one dollar for a million tokens in and ten for a million out.</summary>
public sealed class AGovernedGateway
{
    private readonly JsonObject _providers = [];
    private JsonObject _client = new() { ["enforce_auth_on_inference"] = true };
    private JsonObject _governance = [];
    private TimeProvider _clock = TimeProvider.System;
    private bool _priced = true;
    private JsonArray? _plugins;

    /// <summary>A server that speaks OpenAI's API, with one key <c>sk-upstream-{name}</c>.</summary>
    public AGovernedGateway Provider(string name, FakeUpstream upstream) => Provider(name, upstream.Address);

    public AGovernedGateway Provider(string name, Uri address)
    {
        _providers[name] = new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = $"{name}-main",
                    ["value"] = $"sk-upstream-{name}",
                    ["models"] = new JsonArray("*"),
                    ["weight"] = 1,
                }
            ),
            ["network_config"] = new JsonObject { ["base_url"] = address.AbsoluteUri, ["max_retries"] = 0 },
        };
        if (name != "openai")
        {
            _providers[name]!["custom_provider_config"] = new JsonObject { ["base_provider_type"] = "openai" };
        }

        return this;
    }

    /// <summary>The <c>client</c> section in place of one that makes virtual keys mandatory.</summary>
    public AGovernedGateway Client(string json)
    {
        _client = Parse(json);
        return this;
    }

    /// <summary>The <c>governance</c> section, without prices.</summary>
    public AGovernedGateway Governance(string json)
    {
        _governance = Parse(json);
        return this;
    }

    public AGovernedGateway Clock(TimeProvider clock)
    {
        _clock = clock;
        return this;
    }

    /// <summary>The <c>plugins</c> section.</summary>
    public AGovernedGateway Plugins(string json)
    {
        _plugins = JsonNode.Parse(json)!.AsArray();
        return this;
    }

    public AGovernedGateway WithoutPrices()
    {
        _priced = false;
        return this;
    }

    /// <param name="store">Null: in memory, and gone with a restart.</param>
    public async Task<GovernedGateway> StartAsync(DatabaseKind? store)
    {
        var place = await StorePlace.FreshAsync(store ?? DatabaseKind.Sqlite);
        var config = new JsonObject
        {
            ["client"] = _client.DeepClone(),
            ["providers"] = _providers.DeepClone(),
            ["governance"] = _governance.DeepClone(),
        };
        if (_priced)
        {
            config["governance"]!["pricing_overrides"] = Prices();
        }

        if (_plugins is not null)
        {
            config["plugins"] = _plugins.DeepClone();
        }

        if (store is not null)
        {
            config["config_store"] = JsonNode.Parse(place.ConfigStoreJson());
        }

        await File.WriteAllTextAsync(Path.Combine(place.Folder, "config.json"), config.ToJsonString());
        var gateway = new GovernedGateway(place, _clock, inMemory: store is null);
        await gateway.StartAsync();
        return gateway;
    }

    private static JsonArray Prices() =>
        [
            Price("penny", """{"request": 0.01}"""),
            Price("penny-picture", """{"image": 0.01}"""),
            Price("metered", """{"input": 1, "output": 10}"""),
        ];

    private static JsonObject Price(string model, string prices) =>
        new()
        {
            ["id"] = $"price-of-{model}",
            ["name"] = $"Price of {model}",
            ["scope_kind"] = "global",
            ["match_type"] = "exact",
            ["pattern"] = model,
            ["rates"] = JsonNode.Parse(prices),
        };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
