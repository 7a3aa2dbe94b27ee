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
        for (var i = 0; i < Tiers.Count; i++)
        {
            if (inputTokens > Tiers[i].Above)
            {
                price = Tiers[i].Price;
            }
        }

        return price;
    }

    /// <summary>The highest that <see cref="For"/> says for any number of input tokens up to this one.</summary>
    public Money MostFor(long inputTokens)
    {
        var most = Base;
        for (var i = 0; i < Tiers.Count; i++)
        {
            if (inputTokens > Tiers[i].Above && Tiers[i].Price > most)
            {
                most = Tiers[i].Price;
            }
        }

        return most;
    }
}

/// <summary>A price that holds for calls with more than <paramref name="Above"/> input tokens, cached ones included.</summary>
public sealed record RateTier(long Above, Money Price);
