namespace Bifrost.Governance.Estimates;

/// <summary>What becomes of a call to a model without a price. Budgets with <c>enforcement: hard</c> always refuse it.</summary>
public enum PricePolicy
{
    /// <summary>Served, counted and flagged; its cost is not known, which is not the same as nothing.</summary>
    AllowAndFlag,

    /// <summary>Refused before it goes upstream.</summary>
    Refuse,
}
