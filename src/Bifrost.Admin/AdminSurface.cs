using Bifrost.Admin.Config;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Health;
using Bifrost.Admin.Http;
using Bifrost.Admin.Ledger;
using Bifrost.Admin.Logs;
using Bifrost.Admin.Logs.Export;
using Bifrost.Admin.Logs.Live;
using Bifrost.Admin.Models;
using Bifrost.Admin.Prices;
using Bifrost.Admin.Providers;
using Bifrost.Admin.Reference;
using Bifrost.Admin.Sessions;
using Bifrost.Governance.Objects;
using Microsoft.Extensions.Logging;

namespace Bifrost.Admin;

/// <summary>The management API: everything under <c>/api</c>, <c>/health</c>, <c>/metrics</c> and <c>/ws</c>. Nothing is made before the first request asks for it, but the sessions.
/// Thread-safe.</summary>
public sealed class AdminSurface
{
    private readonly Lazy<Desk> _desk;

    private AdminSurface(AdminParts parts, SessionBook sessions, SignIn signIn)
    {
        _desk = new(() => Open(parts, sessions, signIn));
    }

    /// <summary>Reads the sessions that are kept.</summary>
    public static async Task<AdminSurface> OpenAsync(AdminParts parts, CancellationToken cancel)
    {
        var signIn = new SignIn(parts.Settings, parts.Passwords, new LoginThrottle(parts.Clock));
        var sessions = new SessionBook(parts.Sessions, signIn.Credentials, parts.Clock);
        await sessions.LoadAsync(cancel);
        return new AdminSurface(parts, sessions, signIn);
    }

    /// <summary>Whether a path is answered here.</summary>
    public static bool Owns(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal) || path == "/health" || path == "/metrics" || path == "/ws";

    public Task AnswerAsync(HttpContext http) => _desk.Value.AnswerAsync(http);

    /// <summary>Every route, for tests that go through all of them.</summary>
    internal IReadOnlyList<Route> Routes => _desk.Value.Routes;

    private static Desk Open(AdminParts parts, SessionBook sessions, SignIn signIn)
    {
        var tickets = parts.Box is { } box ? new Tickets(box, sessions, parts.Clock) : null;
        var (registry, settings, standings, clock) = (parts.Registry, parts.Settings, parts.Standings, parts.Clock);
        var reference = new ReferenceRoutes(parts.Version);
        var routes = new RouteTable([
            .. new HealthRoutes(parts.Stores, parts.PingStores, parts.Version, clock).All(),
            .. new SessionRoutes(settings, sessions, signIn, tickets).All(),
            .. new ConfigRoutes(settings, registry, sessions, parts.RequestLog is not null).All(),
            .. new ProviderRoutes(settings).All(),
            .. new KeyRoutes(settings).All(),
            .. new TrialRoutes(settings, clock).All(),
            .. new ModelRoutes(settings, parts.Prices).All(),
            .. new VirtualKeyRoutes(registry, standings, clock).All(),
            .. new QuotaRoutes(registry, standings, clock).All(),
            .. new ObjectRoutes<Team>(new TeamKind(), registry, standings, clock).All(),
            .. new ObjectRoutes<BusinessUnit>(new BusinessUnitKind(), registry, standings, clock).All(),
            .. new ObjectRoutes<Customer>(new CustomerKind(), registry, standings, clock).All(),
            .. new ObjectRoutes<User>(new UserKind(), registry, standings, clock).All(),
            .. new ObjectRoutes<ModelLimit>(new ModelLimitKind(), registry, standings, clock).All(),
            .. new ProviderLimitRoutes(registry, standings, clock).All(),
            .. new ObjectRoutes<DimensionLimit>(new DimensionLimitKind(), registry, standings, clock).All(),
            .. new BudgetRoutes(registry, standings, clock).All(),
            .. new OverrideRoutes(settings).All(),
            .. new PreviewRoutes(settings, parts.Prices, clock).All(),
            .. new LedgerRoutes(parts.Ledger).All(),
            .. LogsOf(parts, sessions),
            .. parts.Metrics is { } metrics ? new MetricsRoutes(metrics).All() : [],
            .. reference.All(),
        ]);
        reference.Describe(routes.All);
        return new Desk(routes, new Gate(settings, sessions, signIn, tickets), parts.Logs.CreateLogger("Bifrost.Admin"), clock);
    }

    private static IEnumerable<Route> LogsOf(AdminParts parts, SessionBook sessions)
    {
        if (parts.RequestLog is not { } log)
        {
            return [];
        }

        var names = new LogNames(parts.Registry, parts.Settings, log.Store);
        return
        [
            .. new LogRoutes(log, names).All(),
            .. new HistogramRoutes(log.Store, names, parts.Clock).All(),
            .. new GroupRoutes(log, names, parts.Clock).All(),
            .. new RepriceRoutes(log).All(),
            .. new ExportRoutes(log, parts.Clock).All(),
            .. new LiveRoutes(log, sessions.IsOpen, parts.Logs, parts.Clock, parts.Closing).All(),
        ];
    }
}
