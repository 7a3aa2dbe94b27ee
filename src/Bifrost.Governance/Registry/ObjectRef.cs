using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Registry;

/// <summary>Which object: kind and id.</summary>
internal readonly record struct ObjectRef(string Kind, string Id)
{
    public static ObjectRef Of(GovernanceObject value) => new(KindOf(value), value.Id);

    public static string KindOf(GovernanceObject value) =>
        value switch
        {
            VirtualKey => ObjectKinds.VirtualKey,
            Team => ObjectKinds.Team,
            BusinessUnit => ObjectKinds.BusinessUnit,
            Customer => ObjectKinds.Customer,
            User => ObjectKinds.User,
            ModelLimit => ObjectKinds.ModelLimit,
            ProviderLimit => ObjectKinds.ProviderLimit,
            DimensionLimit => ObjectKinds.DimensionLimit,
            _ => throw new ArgumentException($"{value.GetType().Name} is of no kind that is kept.", nameof(value)),
        };

    /// <summary>Null for kinds that do not govern callers (settings, providers, sessions).</summary>
    public static string? Spoken(string kind) =>
        kind switch
        {
            ObjectKinds.VirtualKey => "virtual key",
            ObjectKinds.Team => "team",
            ObjectKinds.BusinessUnit => "business unit",
            ObjectKinds.Customer => "customer",
            ObjectKinds.User => "user",
            ObjectKinds.ModelLimit => "model limit",
            ObjectKinds.ProviderLimit => "provider limit",
            ObjectKinds.DimensionLimit => "dimension limit",
            _ => null,
        };
}
