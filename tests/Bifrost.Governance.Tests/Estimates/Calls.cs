using System.Text;
using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Core.Outbound;
using Bifrost.Core.World;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Prices;
using Bifrost.Providers;
using Bifrost.Providers.Replicate;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Governance.Tests.Estimates;

/// <summary>Real requests, accepted by the real first room, and targets of a small world.</summary>
internal static class Calls
{
    public const string PinnedVersion = "acme/thing:7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";

    public static readonly DateTimeOffset At = new(2026, 8, 15, 20, 0, 0, TimeSpan.Zero);

    public static readonly GatewayWorld World = Build();

    public static async Task<Exchange> PostAsync(string path, string body)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.Path = path;
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentLength = http.Request.Body.Length;
        var exchange = await new Accept(new WorldHolder(World), TimeProvider.System).OpenAsync(http);
        Assert.Null(exchange.Fault);
        return exchange;
    }

    public static Target To(string provider, string model, Exchange exchange)
    {
        var configured = World.Providers[provider];
        var offer = configured.Kind.OfferFor(exchange.Operation) ?? throw new InvalidOperationException($"{provider} does not offer it.");
        var lane = offer is CarriedOffer ? Lane.Translated : Lane.Verbatim;
        return new Target(configured, offer, model, configured.Keys.Count > 0 ? configured.Keys[0] : ProviderModel.NoKey, lane);
    }

    public static CallFacts Facts(Operation operation = Operation.Chat, long bytes = 1_000) =>
        new()
        {
            Operation = operation,
            BodyBytes = bytes,
            Choices = 1,
            Patience = TimeSpan.FromMinutes(2),
        };

    public static TargetPrice Priced(ModelPrice? price) => new(price, new LearnedUse());

    private static GatewayWorld Build()
    {
        GatewayWorld? world = null;
        var outbound = new GuardedHttp(() => world!.TrustedHosts);
        var replicate = new ReplicateProvider(new ReplicateServices(TimeProvider.System, outbound, NullLoggerFactory.Instance));
        var hardware = System.Text.Json.JsonDocument.Parse("""{"hardware":{"deployments/acme/known":"gpu-t4"}}""").RootElement;
        return world = new WorldBuilder(ProviderCatalog.Build(replicate), []).Build(
            new GatewayConfig
            {
                Providers = new Dictionary<string, ProviderConfig>
                {
                    ["openai"] = Of("openai", null),
                    ["work-openai"] = Of("openai", null),
                    ["elsewhere"] = Of("openai", new Uri("http://localhost:9/v1/")),
                    ["groq"] = Of("openai", new Uri("http://localhost:9/v1/")),
                    ["replicate"] = Of("replicate", null, hardware),
                },
            }
        );
    }

    private static ProviderConfig Of(string kind, Uri? address, System.Text.Json.JsonElement? extras = null) =>
        new()
        {
            Kind = kind,
            Keys =
            [
                new KeyConfig
                {
                    Name = "main",
                    Id = "key-1",
                    Value = new Secret("a key"),
                    Extras = extras,
                },
            ],
            Network = new NetworkConfig { BaseUrl = address },
        };
}
