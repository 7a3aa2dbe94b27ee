using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>Who belongs to whom at one moment, gone through once for a whole list, and not at all where nobody asks.</summary>
internal sealed class Relations
{
    private readonly Lazy<ILookup<string, VirtualKey>> _ofTeam;
    private readonly Lazy<ILookup<string, VirtualKey>> _ofCustomer;
    private readonly Lazy<ILookup<string, Team>> _teamsOf;

    private Relations(GovernanceSnapshot now)
    {
        Now = now;
        _ofTeam = new(() => ByName(now.VirtualKeys.Values.Where(k => k.TeamId is not null), k => k.Name, k => k.TeamId!));
        _ofCustomer = new(() => ByName(now.VirtualKeys.Values.Where(k => k.CustomerId is not null), k => k.Name, k => k.CustomerId!));
        _teamsOf = new(() => ByName(now.Teams.Values.Where(t => t.CustomerId is not null), t => t.Name, t => t.CustomerId!));
    }

    /// <summary>Nobody knows anybody.</summary>
    public static Relations None { get; } = new(GovernanceSnapshot.Empty);

    public GovernanceSnapshot Now { get; }

    public static Relations Of(GovernanceSnapshot now) => new(now);

    public IEnumerable<VirtualKey> KeysOfTeam(string id) => _ofTeam.Value[id];

    /// <summary>Those attached to the customer itself, not those of its teams.</summary>
    public IEnumerable<VirtualKey> KeysOfCustomer(string id) => _ofCustomer.Value[id];

    public IEnumerable<Team> TeamsOf(string customerId) => _teamsOf.Value[customerId];

    private static ILookup<string, T> ByName<T>(IEnumerable<T> all, Func<T, string> name, Func<T, string> owner) =>
        all.OrderBy(name, StringComparer.Ordinal).ToLookup(owner);
}
