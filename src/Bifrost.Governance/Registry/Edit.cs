using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Sets an object, or takes it away.</summary>
/// <param name="Kind">One of <see cref="Stores.ObjectKinds"/>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Value">What it is to be; null: it is to go.</param>
public sealed record Edit(string Kind, string Id, GovernanceObject? Value)
{
    /// <summary>See <see cref="Stores.StoredObject.FileHash"/>; null leaves what is there.</summary>
    public string? FileHash { get; init; }

    /// <summary>Where the operator wrote it; begins the path of every mistake in it. Null: a batch of one has paths within the object
    /// (<c>budgets[0].max_limit</c>), in a longer one kind and id come first (<c>team.42.budgets[0].max_limit</c>).</summary>
    public string? Path { get; init; }
}
