using System.Text.Json.Serialization;
using Bifrost.Web.Api;
using Bifrost.Web.Governance;

namespace Bifrost.Web.VirtualKeys;

/// <summary>A virtual key as it is shown: never with its value, but in the answer that makes or rotates it.</summary>
public sealed record VirtualKey
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string? Description { get; init; }
    public string? Value { get; init; }
    public string ValuePreview { get; init; } = "";
    public DateTimeOffset? PreviousValueUntil { get; init; }
    public bool IsActive { get; init; } = true;
    public bool? LogContent { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string? UserId { get; init; }
    public string? TeamId { get; init; }
    public Named? Team { get; init; }
    public string? CustomerId { get; init; }
    public Named? Customer { get; init; }
    public IReadOnlyList<KeyProvider>? ProviderConfigs { get; init; }
    public IReadOnlyList<Budget> Budgets { get; init; } = [];
    public RateLimit? RateLimit { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Told beside the key, not in it; null in a list.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    internal static VirtualKey? In(Answer<KeyAnswer> answer) =>
        answer.Value is { } value ? value.VirtualKey with { Version = answer.Version } : null;

    public KeyState StateAt(DateTimeOffset now) =>
        !IsActive ? KeyState.Off
        : ExpiresAt <= now ? KeyState.Expired
        : KeyState.Active;
}

/// <summary>Whether calls with it are let in.</summary>
public enum KeyState
{
    /// <summary>They are.</summary>
    Active,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Switched off.</summary>
    Off,
}

/// <summary>Something with a name.</summary>
public sealed record Named(string Id, string Name);

/// <summary>A provider that a key may use.</summary>
public sealed record KeyProvider
{
    public int Id { get; init; }
    public string Provider { get; init; } = "";
    public double? Weight { get; init; }
    public IReadOnlyList<string>? AllowedModels { get; init; }
    public IReadOnlyList<string>? KeyIds { get; init; }
    public IReadOnlyList<Budget> Budgets { get; init; } = [];
    public RateLimit? RateLimit { get; init; }
}

/// <summary>An answer with one key.</summary>
public sealed record KeyAnswer(VirtualKey VirtualKey);

/// <summary>What binds a key now.</summary>
public sealed record Explanation(bool CanCall, string Summary, IReadOnlyList<BindingLimit> Limits, IReadOnlyList<string> Notes);

/// <summary>One limit that binds a key.</summary>
public sealed record BindingLimit(
    string Level,
    string Owner,
    string Kind,
    decimal Limit,
    decimal Used,
    decimal Remaining,
    string? ResetDuration,
    DateTimeOffset? NextReset,
    string? OnlyFor,
    string Sentence
);
