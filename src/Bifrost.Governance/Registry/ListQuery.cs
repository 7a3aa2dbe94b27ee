using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Which objects, in which order, from where on.</summary>
public sealed record ListQuery
{
    /// <summary>1 to 100,000 objects. Default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary><see cref="Page{T}.Next"/> of the page before; null: from the beginning. One that cannot be read counts as null.</summary>
    public string? After { get; init; }

    /// <summary>Objects to pass over, for callers that count instead of using <see cref="After"/>.</summary>
    public int Offset { get; init; }

    /// <summary>Text found anywhere in the name (virtual keys: also in description and tags), whatever its case, or a virtual key's whole id. Null or empty: all.</summary>
    public string? Search { get; init; }

    /// <summary>Only those attached directly to this customer.</summary>
    public string? CustomerId { get; init; }

    public string? BusinessUnitId { get; init; }

    public string? TeamId { get; init; }

    public string? UserId { get; init; }

    public ListOrder OrderBy { get; init; }

    public bool Descending { get; init; }
}

public enum ListOrder
{
    /// <summary>By name, whatever its case.</summary>
    Name,
    CreatedAt,

    /// <summary>Virtual keys: active, expired, inactive; then by name. Other kinds: by name.</summary>
    Status,

    /// <summary>By what was spent in the running period of the budgets.</summary>
    BudgetSpent,
}

/// <param name="Items">In order.</param>
/// <param name="Next">For <see cref="ListQuery.After"/>; null: that was the last page.</param>
/// <param name="Total">How many objects match, on all pages.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, int Total)
    where T : GovernanceObject;
