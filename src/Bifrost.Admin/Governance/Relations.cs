using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>Who belongs to whom at one moment, gone through once for a whole list.</summary>
internal sealed class Relations
{
    private readonly ILookup<string, VirtualKey> _ofTeam;
    private readonly ILookup<string, VirtualKey> _ofCustomer;
    private readonly ILookup<string, Team> _teamsOf;

    private Relations(GovernanceSnapshot now)
    {
        Now = now;
        _ofTeam = now
            .VirtualKeys.Values.Where(k => k.TeamId is not null)
            .OrderBy(k => k.Name, StringComparer.Ordinal)
            .ToLookup(k => k.TeamId!);
        _ofCustomer = now
            .VirtualKeys.Values.Where(k => k.CustomerId is not null)
            .OrderBy(k => k.Name, StringComparer.Ordinal)
            .ToLookup(k => k.CustomerId!);
        _teamsOf = now
            .Teams.Values.Where(t => t.CustomerId is not null)
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .ToLookup(t => t.CustomerId!);
    }

    /// <summary>Nobody knows anybody.</summary>
    public static Relations None { get; } = new(GovernanceSnapshot.Empty);

    public GovernanceSnapshot Now { get; }

    public static Relations Of(GovernanceSnapshot now) => new(now);

    public IEnumerable<VirtualKey> KeysOfTeam(string id) => _ofTeam[id];

    /// <summary>Those attached to the customer itself, not those of its teams.</summary>
    public IEnumerable<VirtualKey> KeysOfCustomer(string id) => _ofCustomer[id];

    public IEnumerable<Team> TeamsOf(string customerId) => _teamsOf[customerId];
}
