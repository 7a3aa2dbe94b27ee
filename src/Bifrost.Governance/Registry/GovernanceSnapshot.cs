using System.Collections.Immutable;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Everything that governs callers, at one moment. Immutable; an edit makes another one that shares what did not change.</summary>
public sealed record GovernanceSnapshot
{
    public static GovernanceSnapshot Empty { get; } = new();

    public ImmutableDictionary<string, Customer> Customers { get; init; } = ImmutableDictionary<string, Customer>.Empty;

    public ImmutableDictionary<string, BusinessUnit> BusinessUnits { get; init; } = ImmutableDictionary<string, BusinessUnit>.Empty;

    public ImmutableDictionary<string, Team> Teams { get; init; } = ImmutableDictionary<string, Team>.Empty;

    public ImmutableDictionary<string, User> Users { get; init; } = ImmutableDictionary<string, User>.Empty;

    public ImmutableDictionary<string, VirtualKey> VirtualKeys { get; init; } = ImmutableDictionary<string, VirtualKey>.Empty;

    public ImmutableDictionary<string, ModelLimit> ModelLimits { get; init; } = ImmutableDictionary<string, ModelLimit>.Empty;

    /// <summary>By the provider's name.</summary>
    public ImmutableDictionary<string, ProviderLimit> ProviderLimits { get; init; } = ImmutableDictionary<string, ProviderLimit>.Empty;

    public ImmutableDictionary<string, DimensionLimit> DimensionLimits { get; init; } = ImmutableDictionary<string, DimensionLimit>.Empty;
}
