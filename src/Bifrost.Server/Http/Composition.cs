using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Admit;
using Bifrost.Core.Attempt;
using Bifrost.Core.Deliver;
using Bifrost.Core.Outbound;
using Bifrost.Core.Plan;
using Bifrost.Core.Settle;
using Bifrost.Core.World;
using Bifrost.Providers;
using Bifrost.Providers.Replicate;
using Bifrost.Server.Log;

namespace Bifrost.Server.Http;

/// <summary>All parts of the gateway, made once and joined by hand.</summary>
internal sealed class Composition : IAsyncDisposable
{
    public required WorldHolder World { get; init; }

    public required Corridor Corridor { get; init; }

    public required ReplicateProvider Replicate { get; init; }

    private GuardedHttp Outbound { get; init; } = null!;

    public static Composition Build(GatewayConfig config, HostSettings settings, ILoggerFactory logs)
    {
        WorldHolder? world = null;
        var outbound = new GuardedHttp(() => world!.Now.TrustedHosts);
        var replicate = new ReplicateProvider(new ReplicateServices(settings.Clock, outbound, logs) { Pace = settings.Pace });
        world = new WorldHolder(new WorldBuilder(ProviderCatalog.Build(replicate), ProviderCatalog.NotServed).Build(config));
        var corridor = new Corridor(
            new Accept(world, settings.Clock),
            new Admit([new RequiredHeadersCheck(), new CredentialCheck()]),
            new PlanRoute(),
            new Attempt(new HttpCarrier()),
            new Deliver(new ModelDirectory(settings.Clock)),
            new Settle([new ExchangeLog(logs.CreateLogger("Bifrost.Exchange"))])
        );
        return new Composition
        {
            World = world,
            Corridor = corridor,
            Replicate = replicate,
            Outbound = outbound,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Replicate.DisposeAsync();
        foreach (var provider in World.Now.Providers.Values)
        {
            provider.Http.Dispose();
        }

        Outbound.Dispose();
    }
}
