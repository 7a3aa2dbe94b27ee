using Bifrost.Web.Parts;

namespace Bifrost.Web.Governance;

/// <summary>A budget and how it stands.</summary>
public sealed record Budget
{
    public string Id { get; init; } = "";
    public decimal MaxLimit { get; init; }
    public string ResetDuration { get; init; } = "";
    public bool CalendarAligned { get; init; }
    public string TimeZone { get; init; } = "UTC";
    public int QuarterStartMonth { get; init; } = 1;
    public string Enforcement { get; init; } = "standard";
    public BudgetOverride? Override { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public decimal EffectiveMaxLimit { get; init; }
    public decimal CurrentUsage { get; init; }
    public decimal Reserved { get; init; }
    public decimal Remaining { get; init; }
    public DateTimeOffset? LastReset { get; init; }
    public DateTimeOffset? NextReset { get; init; }

    /// <summary>Only in the list of all.</summary>
    public string? OwnerType { get; init; }

    public string? OwnerId { get; init; }

    /// <summary>Empty outside of the list of all.</summary>
    public string OwnerName { get; init; } = "";

    /// <summary>How much of how much is gone.</summary>
    public string Standing => $"{Show.Money(CurrentUsage)} of {Show.Money(EffectiveMaxLimit)}";

    public bool IsPrepaid => ResetDuration == "never";

    /// <summary>A part of one; more than one when it is overdrawn.</summary>
    public double Share => EffectiveMaxLimit == 0 ? 1 : (double)(CurrentUsage / EffectiveMaxLimit);
}

/// <summary>Money lent to a budget.</summary>
public sealed record BudgetOverride(decimal Amount, string Mode, int? Cycles, DateTimeOffset From);
