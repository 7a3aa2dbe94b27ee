namespace Bifrost.Governance.Objects;

/// <summary>A limit on a model for everybody, or for one user.</summary>
public sealed record ModelLimit : LimitedObject
{
    /// <summary>Unique with <see cref="Provider"/> and <see cref="UserId"/>.</summary>
    public required string ModelName { get; init; }

    /// <summary>Null: at every provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Null: for everybody.</summary>
    public string? UserId { get; init; }
}

/// <summary>A limit on a provider for everybody; its id is the provider's name.</summary>
public sealed record ProviderLimit : LimitedObject;

/// <summary>A limit on something the caller names in a header: a project, a run, a session. Each value of the header has counters of its own.</summary>
public sealed record DimensionLimit : LimitedObject
{
    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    /// <summary>The request header whose value is the dimension: <c>x-bf-project-id</c>.</summary>
    public required string Header { get; init; }

    /// <summary>Only this value; null: every value, each counted apart.</summary>
    public string? Value { get; init; }

    /// <summary>Only calls of this virtual key; null: of everybody.</summary>
    public string? VirtualKeyId { get; init; }
}
