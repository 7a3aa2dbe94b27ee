using Bifrost.Core.Contracts;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Estimates;

/// <summary>What a call cost, for counters and the ledger. A value, so that settling allocates nothing.</summary>
public readonly record struct CallCost
{
    private readonly ModelPrice? _price;
    private readonly PricedCall? _call;

    internal CallCost(ModelPrice price, PricedCall call) => (_price, _call) = (price, call);

    /// <summary>A call that never ran, or is not sold: a refused request, a list, a question after a job that was charged when it was made.</summary>
    public static CallCost Nothing => default;

    /// <summary>Nanodollars; a started one counts whole, once for the call.</summary>
    public long Cost { get; init; }

    /// <summary>In and out.</summary>
    public long Tokens => Usage?.TotalTokens ?? 0;

    /// <summary>What was charged for: the provider's counts, or ours. Null: nothing was used, or nothing is known.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Quantities or the price are ours, not the provider's.</summary>
    public bool Estimated { get; init; }

    /// <summary>There is no price for it, or not for all of it: the true cost is higher.</summary>
    public bool Unpriced { get; init; }

    /// <summary>The price it was computed with, or null.</summary>
    public string? PriceVersion => _price?.Version;

    /// <summary>The cost broken down, worked out when asked for; its sum is exact where <see cref="Cost"/> is rounded up.</summary>
    public IReadOnlyList<CostLine> Lines() =>
        _price is null || _call is null || Usage is null ? [] : CostComputation.Of(_price, Usage, _call)?.Lines ?? [];

    /// <summary>The same as the corridor knows it, broken down.</summary>
    public Charge ToCharge()
    {
        var cost = this;
        return new Charge
        {
            Nanodollars = Cost,
            Estimated = Estimated,
            Unpriced = Unpriced,
            PriceVersion = PriceVersion,
            Usage = Usage,
            WorkOut = () => [.. cost.Lines().Select(Line)],
        };
    }

    private static ChargeLine Line(CostLine line) =>
        new(RateKinds.Name(line.Kind), (decimal)line.Micros / Bill.Whole, line.Amount.ToNanodollars());
}
