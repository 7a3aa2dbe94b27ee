namespace Bifrost.Governance.Prices;

/// <summary>The price of one unit. <paramref name="Tiers"/> are in rising order of <see cref="RateTier.Above"/>, and mostly empty.</summary>
public sealed record Rate(Money Base, IReadOnlyList<RateTier> Tiers)
{
    public Rate(Money @base)
        : this(@base, []) { }

    /// <summary>The price of every unit of a call with so many input tokens: passing a threshold changes the whole call's price.</summary>
    public Money For(long inputTokens)
    {
        var price = Base;
        foreach (var tier in Tiers)
        {
            if (inputTokens > tier.Above)
            {
                price = tier.Price;
            }
        }

        return price;
    }
}

/// <summary>A price that holds for calls with more than <paramref name="Above"/> input tokens, cached ones included.</summary>
public sealed record RateTier(long Above, Money Price);
