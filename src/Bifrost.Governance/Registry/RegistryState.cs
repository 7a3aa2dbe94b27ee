using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Registry;

/// <summary>What readers see: all of it of the same moment.</summary>
internal sealed class RegistryState
{
    private RegistryState(GovernanceSnapshot snapshot, long version, ModelLimitIndex modelLimits, DimensionLimit[] dimensions)
    {
        Snapshot = snapshot;
        Version = version;
        ModelLimits = modelLimits;
        Dimensions = dimensions;
    }

    public GovernanceSnapshot Snapshot { get; }

    public long Version { get; }

    public ModelLimitIndex ModelLimits { get; }

    public DimensionLimit[] Dimensions { get; }

    /// <param name="snapshot">What there is.</param>
    /// <param name="before">The state until now, whose parts are taken over where nothing in them changed; or null.</param>
    /// <param name="limits">Open for everything in the snapshot.</param>
    public static RegistryState Of(GovernanceSnapshot snapshot, RegistryState? before, OwnedLimits limits)
    {
        var models =
            before is not null && before.Snapshot.ModelLimits == snapshot.ModelLimits
                ? before.ModelLimits
                : new ModelLimitIndex(
                    from limit in snapshot.ModelLimits.Values.OrderBy(limit => limit.Id, StringComparer.Ordinal)
                    let set = limits.Of(ObjectKinds.ModelLimit, limit.Id)
                    where set is not null
                    select (limit, set)
                );
        var dimensions =
            before is not null && before.Snapshot.DimensionLimits == snapshot.DimensionLimits
                ? before.Dimensions
                : snapshot
                    .DimensionLimits.Values.Where(limit => limit.Budgets.Count > 0 || limit.RateLimit is not null)
                    .OrderBy(limit => limit.Name, StringComparer.OrdinalIgnoreCase)
                    .ToArray();
        return new RegistryState(snapshot, (before?.Version ?? 0) + 1, models, dimensions);
    }
}
