using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

/// <summary>The limits of one owner, ready to be asked. Made by <see cref="Till.Open"/>; what is inside changes only under the till's lock.</summary>
public sealed class LimitSet
{
    internal LimitSet(LimitLevel level, string ownerName, string? part)
    {
        Level = level;
        OwnerName = ownerName;
        Part = part;
    }

    public LimitLevel Level { get; }

    public string OwnerName { get; }

    /// <summary>The dimension's value whose counters these are, or null.</summary>
    public string? Part { get; }

    /// <summary>Nothing is limited here; the set may be left out.</summary>
    public bool IsEmpty => Budgets.Length == 0 && Rate is null;

    internal BudgetMeter[] Budgets { get; set; } = [];

    internal RateMeter? Rate { get; set; }

    internal IEnumerable<object> Meters => Rate is null ? Budgets : Budgets.Prepend<object>(Rate);

    internal bool Closed { get; set; }

    /// <summary>What a dimension value's set was made from; another instance means it was edited.</summary>
    internal DimensionLimit? Source { get; set; }
}
