using Bifrost.Admin.Governance;
using Bifrost.Admin.Health;
using Bifrost.Admin.Logs;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration.Settings;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bifrost.Admin;

/// <summary>What the management API stands on.</summary>
public sealed record AdminParts
{
    public required GovernanceRegistry Registry { get; init; }

    public required GatewaySettings Settings { get; init; }

    public required IStandings Standings { get; init; }

    /// <summary>The same that hashes the passwords of <see cref="Settings"/>.</summary>
    public required Passwords Passwords { get; init; }

    public required ILedgerStore Ledger { get; init; }

    /// <summary>Asked when prices are looked up and not before: the catalogue is read on first use.</summary>
    public required Func<PriceCatalogue> Prices { get; init; }

    /// <summary>Null: no request is logged, and there are no routes to ask for any.</summary>
    public LogParts? RequestLog { get; init; }

    /// <summary>Writes the metrics; null: there are none.</summary>
    public Func<HttpContext, Task>? Metrics { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILoggerFactory Logs { get; init; }

    /// <summary>Without a leading v.</summary>
    public required string Version { get; init; }

    /// <summary>Where sessions are kept; null: in memory.</summary>
    public IObjectStore? Sessions { get; init; }

    /// <summary>Seals tickets; null: none are issued.</summary>
    public ISecretBox? Box { get; init; }

    /// <summary>Pinged by <c>/health</c>.</summary>
    public IReadOnlyList<StorePing> Stores { get; init; } = [];

    /// <summary>Ends, in good order, what would never end by itself: those who watch the log.</summary>
    public CancellationToken Closing { get; init; }

    /// <summary>Whether <c>/health</c> pings stores (<c>disable_db_pings_in_health</c>).</summary>
    public Func<bool> PingStores { get; init; } = static () => true;
}
