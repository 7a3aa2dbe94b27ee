namespace Bifrost.Governance.Prices;

/// <summary>The rates that hold while a condition does.</summary>
public sealed class PriceRule
{
    private readonly Rate?[] _rates = new Rate?[RateKinds.Count];

    public PriceRule(PriceCondition condition, IEnumerable<KeyValuePair<RateKind, Rate>> rates)
    {
        Condition = condition;
        foreach (var (kind, rate) in rates)
        {
            _rates[(int)kind] = rate;
            SellsTokens |= RateKinds.IsTokens(kind);
        }
    }

    public PriceCondition Condition { get; }

    /// <summary>Some kind of token has a rate.</summary>
    public bool SellsTokens { get; }

    /// <summary>Null where nothing is said; a rate of zero says that it costs nothing.</summary>
    public Rate? this[RateKind kind] => _rates[(int)kind];

    public IEnumerable<KeyValuePair<RateKind, Rate>> Rates
    {
        get
        {
            for (var kind = 0; kind < _rates.Length; kind++)
            {
                if (_rates[kind] is { } rate)
                {
                    yield return KeyValuePair.Create((RateKind)kind, rate);
                }
            }
        }
    }

    /// <summary>The same rule with some rates replaced or added.</summary>
    public PriceRule With(IEnumerable<KeyValuePair<RateKind, Rate>> rates) => new(Condition, Rates.Concat(rates));
}
