using System.Collections.Immutable;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;

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

    /// <summary>By the provider's name, whatever its case.</summary>
    public ImmutableDictionary<string, ProviderLimit> ProviderLimits { get; init; } =
        ImmutableDictionary.Create<string, ProviderLimit>(StringComparer.OrdinalIgnoreCase);

    public ImmutableDictionary<string, DimensionLimit> DimensionLimits { get; init; } = ImmutableDictionary<string, DimensionLimit>.Empty;

    /// <summary>The object, or null when there is none.</summary>
    /// <param name="kind">One of <see cref="ObjectKinds"/>.</param>
    /// <param name="id">Its id.</param>
    public GovernanceObject? Find(string kind, string id) =>
        kind switch
        {
            ObjectKinds.VirtualKey => VirtualKeys.GetValueOrDefault(id),
            ObjectKinds.Team => Teams.GetValueOrDefault(id),
            ObjectKinds.BusinessUnit => BusinessUnits.GetValueOrDefault(id),
            ObjectKinds.Customer => Customers.GetValueOrDefault(id),
            ObjectKinds.User => Users.GetValueOrDefault(id),
            ObjectKinds.ModelLimit => ModelLimits.GetValueOrDefault(id),
            ObjectKinds.ProviderLimit => ProviderLimits.GetValueOrDefault(id),
            ObjectKinds.DimensionLimit => DimensionLimits.GetValueOrDefault(id),
            _ => null,
        };

    /// <summary>Every object, kind by kind.</summary>
    internal IEnumerable<GovernanceObject> All() =>
        Customers
            .Values.Concat<GovernanceObject>(BusinessUnits.Values)
            .Concat(Teams.Values)
            .Concat(Users.Values)
            .Concat(VirtualKeys.Values)
            .Concat(ModelLimits.Values)
            .Concat(ProviderLimits.Values)
            .Concat(DimensionLimits.Values);

    /// <summary>The dictionary of objects of this type.</summary>
    internal object AllOf(Type type) =>
        type == typeof(VirtualKey) ? VirtualKeys
        : type == typeof(Team) ? Teams
        : type == typeof(BusinessUnit) ? BusinessUnits
        : type == typeof(Customer) ? Customers
        : type == typeof(User) ? Users
        : type == typeof(ModelLimit) ? ModelLimits
        : type == typeof(ProviderLimit) ? ProviderLimits
        : type == typeof(DimensionLimit) ? DimensionLimits
        : throw new NotSupportedException($"{type.Name} is of no kind that is kept.");

    internal GovernanceSnapshot With(IReadOnlyCollection<Change> changes) =>
        new()
        {
            Customers = With(Customers, changes),
            BusinessUnits = With(BusinessUnits, changes),
            Teams = With(Teams, changes),
            Users = With(Users, changes),
            VirtualKeys = With(VirtualKeys, changes),
            ModelLimits = With(ModelLimits, changes),
            ProviderLimits = With(ProviderLimits, changes),
            DimensionLimits = With(DimensionLimits, changes),
        };

    private static ImmutableDictionary<string, T> With<T>(ImmutableDictionary<string, T> objects, IReadOnlyCollection<Change> changes)
        where T : GovernanceObject
    {
        ImmutableDictionary<string, T>.Builder? changed = null;
        foreach (var change in changes)
        {
            if (change.New is T now)
            {
                (changed ??= objects.ToBuilder())[now.Id] = now;
            }
            else if (change.New is null && change.Old is T gone)
            {
                (changed ??= objects.ToBuilder()).Remove(gone.Id);
            }
        }

        return changed?.ToImmutable() ?? objects;
    }
}
