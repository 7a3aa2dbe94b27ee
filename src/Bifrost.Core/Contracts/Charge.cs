namespace Bifrost.Core.Contracts;

/// <summary>What an exchange cost, as far as it is known.</summary>
public sealed record Charge
{
    /// <summary>Nanodollars (1e-9 USD); a started one counts whole.</summary>
    public required long Nanodollars { get; init; }

    /// <summary>Cost or quantities are ours, not the provider's.</summary>
    public bool Estimated { get; init; }

    /// <summary>There was no price: the cost is not known, and not zero.</summary>
    public bool Unpriced { get; init; }

    /// <summary>The price it was computed with, or null.</summary>
    public string? PriceVersion { get; init; }

    public IReadOnlyList<ChargeLine> Lines { get; init; } = [];
}

/// <summary>One part of a cost.</summary>
/// <param name="Meter">What was counted: <c>input</c>, <c>output</c>, <c>cache_read</c>. Letters, digits and underscores.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="Nanodollars">What that much costs.</param>
public sealed record ChargeLine(string Meter, decimal Quantity, long Nanodollars);
