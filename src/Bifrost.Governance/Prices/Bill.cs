namespace Bifrost.Governance.Prices;

/// <summary>A cost while it is being added up. Only an itemised one keeps its lines, and allocates.</summary>
internal struct Bill(ModelPrice price, PriceRule rule, long inputTokens, PricedCall call, bool itemised)
{
    /// <summary>One unit, in millionths.</summary>
    public const long Whole = 1_000_000;

    private readonly List<CostLine>? _lines = itemised ? [] : null;
    private bool _unpricedTokens;

    public bool IsEmpty { get; private set; } = true;

    public Money Total { get; private set; }

    /// <summary>A price by the picture or second covers the tokens that went into it; a price by the token must name them all.</summary>
    public readonly bool Incomplete => _unpricedTokens && rule.SellsTokens;

    public readonly bool Prices(RateKind kind) => rule[kind] is not null;

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

    /// <param name="estimated">The quantities are ours.</param>
    public readonly Cost Close(bool estimated) =>
        new()
        {
            Lines = _lines ?? [],
            Total = Total,
            Estimated = estimated,
            Incomplete = Incomplete,
            PriceVersion = price.Version,
        };

    private void Add(RateKind kind, Rate rate, Int128 micros)
    {
        if (micros <= 0)
        {
            return;
        }

        var unit = rate.For(inputTokens);
        var amount = unit.ForMicros(micros);
        amount = call.Batch ? amount.Percent(price.BatchPercent) : amount;
        IsEmpty = false;
        Total += amount;
        if (_lines is not null)
        {
            Keep(_lines, new CostLine(kind, micros, unit, amount));
        }
    }

    /// <summary>Puts it in its place: there are few, and most come in their order.</summary>
    private static void Keep(List<CostLine> lines, CostLine line)
    {
        var at = lines.Count;
        while (at > 0 && lines[at - 1].Kind > line.Kind)
        {
            at--;
        }

        lines.Insert(at, line);
    }
}
