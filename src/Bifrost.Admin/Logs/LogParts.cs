using Bifrost.Governance.Estimates;
using Bifrost.Observability.Live;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>The request log, as the management API asks it.</summary>
/// <param name="Store">Rows, their content, and what they add up to.</param>
/// <param name="Feed">Rows as they come.</param>
/// <param name="Drops">What is missing in the store.</param>
public sealed record LogParts(ILogStore Store, LiveFeed Feed, LogDrops Drops)
{
    /// <summary>What a call that is over costs with the prices that hold now. Default: no call has a price.</summary>
    public Func<PastCall, PastCost> Price { get; init; } = static _ => new PastCost(null, PastDoubt.NoPrice);

    /// <summary>Whether things that are no more are left out of the values to filter by (<c>hide_deleted_virtual_keys_in_filters</c>).</summary>
    public Func<bool> HidesDeleted { get; init; } = static () => false;
}
