using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Objects;

/// <summary>What a caller shows to be let in. The value itself is never kept, only its hash.</summary>
public sealed record VirtualKey : LimitedObject
{
    private readonly KeyHash _hash;
    private readonly string? _noHash;

    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>SHA-256 of the value, lower-case hex. Kept as its 32 bytes: as text it would be the largest thing in the object.</summary>
    public required string ValueHash
    {
        get => _noHash ?? _hash.ToString();
        init
        {
            var hash = KeyHash.Parse(value);
            (_hash, _noHash) = (hash ?? default, hash is null ? value : null);
        }
    }

    /// <summary><see cref="ValueHash"/>; null when what was given is none.</summary>
    internal KeyHash? Hash => _noHash is null ? _hash : null;

    /// <summary>What lists show: prefix and last four characters.</summary>
    public required string ValuePreview { get; init; }

    /// <summary>The value before the last rotation, and how long it still counts.</summary>
    public string? PreviousValueHash { get; init; }

    public DateTimeOffset? PreviousValueUntil { get; init; }

    public bool IsActive { get; init; } = true;

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether what its calls say is kept in the request log. Null: as the gateway is set.</summary>
    public bool? LogContent { get; init; }

    /// <summary>The owner, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>Either a team or a customer, never both.</summary>
    public string? TeamId { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>Null: every provider. Empty: none.</summary>
    public IReadOnlyList<VirtualKeyProvider>? ProviderConfigs { get; init; }
}

/// <summary>What a virtual key may use at one provider.</summary>
public sealed record VirtualKeyProvider
{
    /// <summary>Unique within its virtual key, and never given twice.</summary>
    public required int Id { get; init; }

    public required string Provider { get; init; }

    /// <summary>Share in choosing a provider for a bare model name. Null: never chosen by weight.</summary>
    public double? Weight { get; init; }

    /// <summary>Null or <c>["*"]</c>: every model. Empty: none.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Ids of provider keys. Null or <c>["*"]</c>: every key. Empty: none.</summary>
    public IReadOnlyList<string>? KeyIds { get; init; }

    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    public RateLimit? RateLimit { get; init; }
}
