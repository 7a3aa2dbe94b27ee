using Bifrost.Core.Outbound;
using Microsoft.Extensions.Logging;

namespace Bifrost.Providers.Replicate;

/// <summary>What the provider needs of the process it runs in.</summary>
/// <param name="Clock">All waiting and all time stamps.</param>
/// <param name="Outbound">Fetches outputs, without the token.</param>
/// <param name="Logs">Where the log goes.</param>
public sealed record ReplicateServices(TimeProvider Clock, GuardedHttp Outbound, ILoggerFactory Logs)
{
    public WaitPace Pace { get; init; } = WaitPace.Standard;
}
