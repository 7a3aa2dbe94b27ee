using Bifrost.Governance.Prices;

namespace Bifrost.Governance.Estimates;

/// <summary>The price that holds for a target, found once, and what was learned of its model.</summary>
internal sealed class TargetPrice(ModelPrice? price, LearnedUse learned)
{
    /// <summary>Null: it has none.</summary>
    public ModelPrice? Price => price;

    public LearnedUse Learned => learned;

    /// <summary>Nothing depends on the hour or the settings, so that one description of the call does for all.</summary>
    public bool IsPlain { get; } = price is not null && price.Rules.Count == 1;

    /// <summary>Some kind of token has a rate.</summary>
    public bool SellsTokens { get; } = price is not null && price.Rules.Any(static rule => rule.SellsTokens);

    /// <summary>There is a rate for it, if only for some hours or settings.</summary>
    public bool Sells(RateKind kind)
    {
        for (var i = 0; price is not null && i < price.Rules.Count; i++)
        {
            if (price.Rules[i][kind] is not null)
            {
                return true;
            }
        }

        return false;
    }
}
