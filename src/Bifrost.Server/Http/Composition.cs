using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Admit;
using Bifrost.Core.Attempt;
using Bifrost.Core.Deliver;
using Bifrost.Core.Plan;
using Bifrost.Core.Settle;
using Bifrost.Core.World;
using Bifrost.Server.Log;
using Bifrost.Server.Start;

namespace Bifrost.Server.Http;

/// <summary>The corridor and what it walks in, every part made once and joined by hand, in one place, so that it can be read.</summary>
internal sealed record Composition(WorldHolder World, Corridor Corridor, ProviderSet Providers)
{
    /// <param name="config">What the first world is made of.</param>
    /// <param name="settings">How the process runs.</param>
    /// <param name="providers">The kinds of provider.</param>
    /// <param name="plane">Governance and everything that may be changed while running; null: callers are not governed, and nothing is kept.</param>
    /// <param name="logs">Where log lines go.</param>
    public static Composition Build(
        GatewayConfig config,
        HostSettings settings,
        ProviderSet providers,
        ControlPlane? plane,
        ILoggerFactory logs
    )
    {
        var world = providers.Open(config);
        plane?.Settings.Attach(world, providers.Builder);
        var corridor = new Corridor(
            new Accept(world, settings.Clock, [.. plane?.Observers.Greeters ?? [], .. settings.Greeters]),
            new Admit([new RequiredHeadersCheck(), new CredentialCheck(plane?.Registry ?? settings.Callers)]),
            new PlanRoute(),
            new Attempt(new HttpCarrier(), plane?.Governor ?? settings.Reservations),
            new Deliver(new ModelDirectory(settings.Clock), plane?.Observers.Copies ?? settings.AnswerCopies),
            new Settle([new ExchangeLog(logs.CreateLogger("Bifrost.Exchange")), .. plane?.Observers.Settlers ?? [], .. settings.Settlers])
        );
        return new Composition(world, corridor, providers);
    }
}
