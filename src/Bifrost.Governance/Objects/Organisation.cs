namespace Bifrost.Governance.Objects;

/// <summary>Who pays: the top of the hierarchy.</summary>
public sealed record Customer : LimitedObject
{
    public required string Name { get; init; }
}

/// <summary>A part of the organisation, above teams.</summary>
public sealed record BusinessUnit : LimitedObject
{
    public required string Name { get; init; }

    public string? CustomerId { get; init; }
}

public sealed record Team : LimitedObject
{
    public required string Name { get; init; }

    public string? CustomerId { get; init; }

    public string? BusinessUnitId { get; init; }
}

/// <summary>A person (or a robot) who owns virtual keys.</summary>
public sealed record User : LimitedObject
{
    public required string Name { get; init; }

    public string? Email { get; init; }
}
