using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Prices;

/// <summary>A cost while it is being added up.</summary>
internal sealed class Bill(ModelPrice price, PriceRule rule, Usage usage, PricedCall call)
{
    /// <summary>One unit, in millionths.</summary>
    public const long Whole = 1_000_000;

    private readonly List<CostLine> _lines = [];
    private bool _unpricedTokens;

    public bool IsEmpty => _lines.Count == 0;

    public bool Prices(RateKind kind) => rule[kind] is not null;

    public void AddTokens(RateKind kind, long tokens, RateKind? otherwise = null)
    {
        var rate = rule[kind] ?? (otherwise is { } other ? rule[other] : null);
        if (rate is null)
        {
            _unpricedTokens |= tokens > 0;
            return;
        }

        Add(kind, rate, (Int128)tokens * Whole);
    }

    /// <summary>Adds nothing if the price has no such rate.</summary>
    public void Add(RateKind kind, Int128 micros)
    {
        if (rule[kind] is { } rate)
        {
            Add(kind, rate, micros);
        }
    }

    public Cost Close() =>
        new()
        {
            Lines = [.. _lines.OrderBy(line => line.Kind)],
            Total = _lines.Aggregate(Money.Zero, static (sum, line) => sum + line.Amount),
            Estimated = usage.Estimated,
            Incomplete = _unpricedTokens && SoldByToken,
            PriceVersion = price.Version,
        };

    /// <summary>A price by the picture or second covers the tokens that went into it; a price by the token must name them all.</summary>
    private bool SoldByToken => rule.Rates.Any(rate => RateKinds.IsTokens(rate.Key));

    private void Add(RateKind kind, Rate rate, Int128 micros)
    {
        if (micros <= 0)
        {
            return;
        }

        var unit = rate.For(usage.InputTokens);
        var amount = unit.ForMicros(micros);
        _lines.Add(new CostLine(kind, micros, unit, call.Batch ? amount.Percent(price.BatchPercent) : amount));
    }
}
