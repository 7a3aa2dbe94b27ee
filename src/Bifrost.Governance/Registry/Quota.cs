using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Registry;

/// <summary>What the holder of a virtual key may know about it.</summary>
public sealed record Quota
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required bool IsActive { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key's own and those of its provider configs, as written; not those of whoever is above it.</summary>
    public required IReadOnlyList<LimitView> Limits { get; init; }
}
