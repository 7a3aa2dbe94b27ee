using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Which objects a query means.</summary>
internal static class ListFilter
{
    public static bool Matches(GovernanceObject value, ListQuery query) => BelongsTo(value, query) && Holds(value, query.Search);

    private static bool BelongsTo(GovernanceObject value, ListQuery query)
    {
        var (customer, unit, team, user) = value switch
        {
            VirtualKey key => (key.CustomerId, null, key.TeamId, key.UserId),
            Team team1 => (team1.CustomerId, team1.BusinessUnitId, null, null),
            BusinessUnit unit1 => (unit1.CustomerId, null, null, null),
            ModelLimit limit => (null, null, null, limit.UserId),
            _ => ((string?)null, (string?)null, (string?)null, (string?)null),
        };
        return Is(query.CustomerId, customer) && Is(query.BusinessUnitId, unit) && Is(query.TeamId, team) && Is(query.UserId, user);
    }

    private static bool Is(string? wanted, string? id) => wanted is null || wanted == id;

    private static bool Holds(GovernanceObject value, string? search)
    {
        if (string.IsNullOrEmpty(search))
        {
            return true;
        }

        return value switch
        {
            VirtualKey key => In(key.Name, search)
                || In(key.Description, search)
                || key.Id == search
                || key.Tags.Any(tag => In(tag, search)),
            ModelLimit limit => In(limit.ModelName, search) || In(limit.Provider, search),
            User user => In(user.Name, search) || In(user.Email, search),
            _ => In(ObjectParts.Name(value) ?? value.Id, search),
        };
    }

    private static bool In(string? text, string search) => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true;
}
