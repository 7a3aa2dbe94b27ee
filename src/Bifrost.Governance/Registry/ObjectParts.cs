using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Registry;

/// <summary>What of an object must be unique, and what it refers to.</summary>
internal static class ObjectParts
{
    /// <summary>Unique in its kind, whatever the case; null when the kind has no such thing. For model limits, what they limit.</summary>
    public static string? Name(GovernanceObject value) =>
        value switch
        {
            VirtualKey key => key.Name,
            Team team => team.Name,
            BusinessUnit unit => unit.Name,
            Customer customer => customer.Name,
            User user => user.Name,
            DimensionLimit limit => limit.Name,
            ModelLimit limit => $"{limit.ModelName}\n{limit.Provider}\n{limit.UserId}",
            _ => null,
        };

    /// <summary>Calls <paramref name="each"/> with every object that this one refers to, and the member that does.</summary>
    public static void References<T>(GovernanceObject value, T state, Action<T, string, ObjectRef> each)
    {
        void Refer(string member, string kind, string? id)
        {
            if (id is not null)
            {
                each(state, member, new ObjectRef(kind, id));
            }
        }

        switch (value)
        {
            case VirtualKey key:
                Refer("user_id", ObjectKinds.User, key.UserId);
                Refer("team_id", ObjectKinds.Team, key.TeamId);
                Refer("customer_id", ObjectKinds.Customer, key.CustomerId);
                break;
            case Team team:
                Refer("customer_id", ObjectKinds.Customer, team.CustomerId);
                Refer("business_unit_id", ObjectKinds.BusinessUnit, team.BusinessUnitId);
                break;
            case BusinessUnit unit:
                Refer("customer_id", ObjectKinds.Customer, unit.CustomerId);
                break;
            case ModelLimit limit:
                Refer("user_id", ObjectKinds.User, limit.UserId);
                break;
            case DimensionLimit limit:
                Refer("virtual_key_id", ObjectKinds.VirtualKey, limit.VirtualKeyId);
                break;
        }
    }

    /// <summary>What becomes of an object when one that it refers to goes. A limit for that one alone goes with it; everything else loses the reference
    /// and stays.</summary>
    public static GovernanceObject? Without(GovernanceObject value, ObjectRef gone) =>
        value switch
        {
            VirtualKey key => key with
            {
                UserId = Kept(key.UserId, ObjectKinds.User, gone),
                TeamId = Kept(key.TeamId, ObjectKinds.Team, gone),
                CustomerId = Kept(key.CustomerId, ObjectKinds.Customer, gone),
            },
            Team team => team with
            {
                CustomerId = Kept(team.CustomerId, ObjectKinds.Customer, gone),
                BusinessUnitId = Kept(team.BusinessUnitId, ObjectKinds.BusinessUnit, gone),
            },
            BusinessUnit unit => unit with { CustomerId = Kept(unit.CustomerId, ObjectKinds.Customer, gone) },
            _ => null,
        };

    /// <summary>Calls <paramref name="each"/> with the id of every budget and rate limit in the object, and where it stands.</summary>
    public static void LimitIds<T>(GovernanceObject value, T state, Action<T, string, string> each)
    {
        if (value is not LimitedObject limited)
        {
            return;
        }

        LimitIds(limited.Budgets, limited.RateLimit, "", state, each);
        if (value is VirtualKey { ProviderConfigs: { } configs })
        {
            for (var i = 0; i < configs.Count; i++)
            {
                if (configs[i].Budgets.Count > 0 || configs[i].RateLimit is not null)
                {
                    LimitIds(configs[i].Budgets, configs[i].RateLimit, $"provider_configs[{i}].", state, each);
                }
            }
        }
    }

    private static void LimitIds<T>(IReadOnlyList<Budget> budgets, RateLimit? rate, string within, T state, Action<T, string, string> each)
    {
        for (var i = 0; i < budgets.Count; i++)
        {
            each(state, $"{within}budgets[{i}].id", budgets[i].Id);
        }

        if (rate is not null)
        {
            each(state, $"{within}rate_limit.id", rate.Id);
        }
    }

    private static string? Kept(string? id, string kind, ObjectRef gone) => gone.Kind == kind && gone.Id == id ? null : id;
}
