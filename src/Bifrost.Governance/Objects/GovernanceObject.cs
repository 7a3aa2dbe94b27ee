namespace Bifrost.Governance.Objects;

/// <summary>Anything the operator creates to govern callers with. Immutable; an edit is a new instance under the same id.</summary>
public abstract record GovernanceObject
{
    /// <summary>Stable, unique among its kind; a UUID unless the configuration file says otherwise.</summary>
    public required string Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>An object with limits of its own.</summary>
public abstract record LimitedObject : GovernanceObject
{
    /// <summary>Several lines, each with its own period; every one must have room.</summary>
    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    public RateLimit? RateLimit { get; init; }
}
