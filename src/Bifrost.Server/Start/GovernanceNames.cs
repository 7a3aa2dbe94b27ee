using Bifrost.Governance.Registry;

namespace Bifrost.Server.Start;

/// <summary>Names for ids, as they are now.</summary>
internal sealed class GovernanceNames
{
    /// <summary>Null until governance is open.</summary>
    public GovernanceRegistry? Registry { get; set; }

    public string? Team(string id) => Registry?.Now.Teams.GetValueOrDefault(id)?.Name;

    public string? Customer(string id) => Registry?.Now.Customers.GetValueOrDefault(id)?.Name;
}
