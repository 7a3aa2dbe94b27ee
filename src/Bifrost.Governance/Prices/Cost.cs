namespace Bifrost.Governance.Prices;

/// <summary>What a call costs, broken down.</summary>
public sealed record Cost
{
    /// <summary>One for each kind that was used, in the order of <see cref="RateKind"/>; none for a call that is free of charge.</summary>
    public required IReadOnlyList<CostLine> Lines { get; init; }

    public required Money Total { get; init; }

    /// <summary>The quantities are ours, not the provider's.</summary>
    public required bool Estimated { get; init; }

    /// <summary>Tokens were used for which the price says nothing, so that the true cost is higher.</summary>
    public required bool Incomplete { get; init; }

    /// <summary><see cref="ModelPrice.Version"/> of the price it was computed with.</summary>
    public required string PriceVersion { get; init; }

    public Money this[RateKind kind] =>
        Lines.Where(line => line.Kind == kind).Aggregate(Money.Zero, static (sum, line) => sum + line.Amount);
}

/// <summary>
/// One position of a bill. <paramref name="Micros"/> is the quantity in millionths: seconds have fractions, and one token is 1 000 000.
/// <paramref name="Unit"/> is the list price of one; <paramref name="Amount"/> is after the discount for batches.
/// </summary>
public sealed record CostLine(RateKind Kind, Int128 Micros, Money Unit, Money Amount);
