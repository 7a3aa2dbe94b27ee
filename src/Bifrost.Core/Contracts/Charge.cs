using Bifrost.Wire.Canonical;

namespace Bifrost.Core.Contracts;

/// <summary>What an exchange cost, as far as it is known.</summary>
public sealed record Charge
{
    private IReadOnlyList<ChargeLine>? _lines;

    /// <summary>Nanodollars (1e-9 USD); a started one counts whole.</summary>
    public required long Nanodollars { get; init; }

    /// <summary>Cost or quantities are ours, not the provider's.</summary>
    public bool Estimated { get; init; }

    /// <summary>There was no price: the cost is not known, and not zero.</summary>
    public bool Unpriced { get; init; }

    /// <summary>What was charged for: the provider's counts or, where it told none, ours. Null: nothing was used, or nothing is known.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The price it was computed with, or null.</summary>
    public string? PriceVersion { get; init; }

    /// <summary>The cost, broken down.</summary>
    public IReadOnlyList<ChargeLine> Lines
    {
        get => _lines ??= WorkOut?.Invoke() ?? [];
        init => _lines = value;
    }

    /// <summary>Works the lines out when somebody asks for them; few exchanges are asked.</summary>
    public Func<IReadOnlyList<ChargeLine>>? WorkOut { private get; init; }
}

/// <summary>One part of a cost.</summary>
/// <param name="Meter">What was counted: <c>input</c>, <c>output</c>, <c>cache_read</c>. Letters, digits and underscores.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="Nanodollars">What that much costs.</param>
public sealed record ChargeLine(string Meter, decimal Quantity, long Nanodollars);
