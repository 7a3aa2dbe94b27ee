using System.Text.Json.Nodes;
using Bifrost.Observability.RequestLog;
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
    private readonly List<(string Model, string Rates)> _prices =
    [
        ("penny", """{"request": 0.01}"""),
        ("penny-picture", """{"image": 0.01}"""),
        ("metered", """{"input": 1, "output": 10}"""),
    ];
    private RequestLogOptions _logQueue = new();
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

    /// <summary>What another model costs.</summary>
    public AGovernedGateway Price(string model, string rates)
    {
        _prices.Add((model, rates));
        return this;
    }

    /// <summary>How much of the request log may wait.</summary>
    public AGovernedGateway LogQueue(RequestLogOptions options)
    {
        _logQueue = options;
        return this;
    }

    /// <param name="store">Null: in memory, and gone with a restart.</param>
    public async Task<GovernedGateway> StartAsync(DatabaseKind? store)
    {
        var place = await StorePlace.FreshAsync(store ?? DatabaseKind.Sqlite);
        return await StartAsync(place, inMemory: store is null);
    }

    /// <param name="place">The gateway disposes of it.</param>
    /// <param name="inMemory">Nothing is kept there.</param>
    public async Task<GovernedGateway> StartAsync(StorePlace place, bool inMemory = false)
    {
        await WriteConfigAsync(place, inMemory);
        var gateway = new GovernedGateway(place, _clock, inMemory, _logQueue);
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>Writes config.json into the place's folder, for a program that is started there.</summary>
    public async Task WriteConfigAsync(StorePlace place, bool inMemory = false)
    {
        var config = new JsonObject
        {
            ["client"] = _client.DeepClone(),
            ["providers"] = _providers.DeepClone(),
            ["governance"] = _governance.DeepClone(),
        };
        if (_priced)
        {
            config["governance"]!["pricing_overrides"] = new JsonArray([.. _prices.Select(price => PriceOf(price.Model, price.Rates))]);
        }

        if (_plugins is not null)
        {
            config["plugins"] = _plugins.DeepClone();
        }

        if (!inMemory)
        {
            config["config_store"] = JsonNode.Parse(place.ConfigStoreJson());
        }

        await File.WriteAllTextAsync(Path.Combine(place.Folder, "config.json"), config.ToJsonString());
    }

    private static JsonObject PriceOf(string model, string rates) =>
        new()
        {
            ["id"] = $"price-of-{model}",
            ["name"] = $"Price of {model}",
            ["scope_kind"] = "global",
            ["match_type"] = "exact",
            ["pattern"] = model,
            ["rates"] = JsonNode.Parse(rates),
        };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
