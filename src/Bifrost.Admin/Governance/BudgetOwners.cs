using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Governance;

/// <summary>Finds and changes budgets in whatever object they stand.</summary>
internal static class BudgetOwners
{
    /// <summary>In addresses, and the kinds they stand for.</summary>
    public static IReadOnlyList<(string Path, string Kind)> Paths { get; } =
    [
        ("virtual-keys", ObjectKinds.VirtualKey),
        ("teams", ObjectKinds.Team),
        ("business-units", ObjectKinds.BusinessUnit),
        ("customers", ObjectKinds.Customer),
        ("users", ObjectKinds.User),
        ("model-configs", ObjectKinds.ModelLimit),
        ("providers", ObjectKinds.ProviderLimit),
        ("dimension-limits", ObjectKinds.DimensionLimit),
    ];

    public static LimitedObject? Find(GovernanceSnapshot now, string kind, string id) =>
        kind switch
        {
            ObjectKinds.VirtualKey => now.VirtualKeys.GetValueOrDefault(id),
            ObjectKinds.Team => now.Teams.GetValueOrDefault(id),
            ObjectKinds.BusinessUnit => now.BusinessUnits.GetValueOrDefault(id),
            ObjectKinds.Customer => now.Customers.GetValueOrDefault(id),
            ObjectKinds.User => now.Users.GetValueOrDefault(id),
            ObjectKinds.ModelLimit => now.ModelLimits.GetValueOrDefault(id),
            ObjectKinds.ProviderLimit => now.ProviderLimits.GetValueOrDefault(id),
            _ => now.DimensionLimits.GetValueOrDefault(id),
        };

    /// <summary>As people call it; what has no name of its own is called by what it limits.</summary>
    public static string NameOf(LimitedObject owner) =>
        owner switch
        {
            VirtualKey key => key.Name,
            Team team => team.Name,
            BusinessUnit unit => unit.Name,
            Customer customer => customer.Name,
            User user => user.Name,
            DimensionLimit dimension => dimension.Name,
            ModelLimit model => model.ModelName,
            _ => owner.Id,
        };

    /// <summary>Its own, and those of its parts.</summary>
    public static IEnumerable<Budget> BudgetsOf(LimitedObject owner) =>
        owner is VirtualKey { ProviderConfigs: { } parts } ? owner.Budgets.Concat(parts.SelectMany(p => p.Budgets)) : owner.Budgets;

    public static IEnumerable<RateLimit> RateLimitsOf(LimitedObject owner) =>
        (owner is VirtualKey { ProviderConfigs: { } parts } ? parts.Select(p => p.RateLimit) : [])
            .Prepend(owner.RateLimit)
            .OfType<RateLimit>();

    public static IEnumerable<(string Kind, LimitedObject Owner)> All(GovernanceSnapshot now) =>
        now
            .Customers.Values.Select(o => (ObjectKinds.Customer, (LimitedObject)o))
            .Concat(now.BusinessUnits.Values.Select(o => (ObjectKinds.BusinessUnit, (LimitedObject)o)))
            .Concat(now.Teams.Values.Select(o => (ObjectKinds.Team, (LimitedObject)o)))
            .Concat(now.Users.Values.Select(o => (ObjectKinds.User, (LimitedObject)o)))
            .Concat(now.VirtualKeys.Values.Select(o => (ObjectKinds.VirtualKey, (LimitedObject)o)))
            .Concat(now.ModelLimits.Values.Select(o => (ObjectKinds.ModelLimit, (LimitedObject)o)))
            .Concat(now.ProviderLimits.Values.Select(o => (ObjectKinds.ProviderLimit, (LimitedObject)o)))
            .Concat(now.DimensionLimits.Values.Select(o => (ObjectKinds.DimensionLimit, (LimitedObject)o)));

    /// <summary>The owner with one budget changed; null when it has no such budget.</summary>
    public static LimitedObject? With(LimitedObject owner, string budgetId, Func<Budget, Budget> change, DateTimeOffset now)
    {
        if (BudgetsOf(owner).All(b => b.Id != budgetId))
        {
            return null;
        }

        IReadOnlyList<Budget> Changed(IReadOnlyList<Budget> budgets) => [.. budgets.Select(b => b.Id == budgetId ? change(b) : b)];
        var next = owner with { Budgets = Changed(owner.Budgets), UpdatedAt = now };
        return next is VirtualKey { ProviderConfigs: { } parts } key
            ? key with
            {
                ProviderConfigs = [.. parts.Select(p => p with { Budgets = Changed(p.Budgets) })],
            }
            : next;
    }
}
