using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Admit;
using Bifrost.Core.Attempt;
using Bifrost.Core.Deliver;
using Bifrost.Core.Plan;
using Bifrost.Core.Settle;
using Bifrost.Core.World;
using Bifrost.Server.Log;

namespace Bifrost.Server.Http;

/// <summary>The corridor and what it walks in, every part made once and joined by hand, in one place, so that it can be read.</summary>
internal sealed record Composition(WorldHolder World, Corridor Corridor, ProviderSet Providers)
{
    public static Composition Build(GatewayConfig config, HostSettings settings, ProviderSet providers, ILoggerFactory logs)
    {
        var world = providers.Open(config);
        var corridor = new Corridor(
            new Accept(world, settings.Clock),
            new Admit([new RequiredHeadersCheck(), new CredentialCheck(settings.Callers)]),
            new PlanRoute(),
            new Attempt(new HttpCarrier(), settings.Reservations),
            new Deliver(new ModelDirectory(settings.Clock), settings.AnswerCopies),
            new Settle([new ExchangeLog(logs.CreateLogger("Bifrost.Exchange")), .. settings.Settlers])
        );
        return new Composition(world, corridor, providers);
    }
}
