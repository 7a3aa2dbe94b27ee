using Bifrost.Core.Contracts;

namespace Bifrost.Governance.Prices;

/// <summary>
/// A price the operator sets. It applies where everything that is set applies; of several, the one with the narrowest scope wins, then the
/// pattern that says most, then the one that stands later.
/// </summary>
public sealed record PriceOverride
{
    /// <summary>Shown beside costs computed with it.</summary>
    public required string Id { get; init; }

    public string? VirtualKey { get; init; }

    public string? Provider { get; init; }

    public string? ProviderKey { get; init; }

    /// <summary>The operations it is for; null for all. The words of the contract stand for streams too.</summary>
    public IReadOnlySet<Operation>? Operations { get; init; }

    public required ModelPattern Model { get; init; }

    /// <summary>
    /// The rates it sets; the others stay as they are. Zero is a price like any other: free of charge. A rate given here holds at any hour, for any
    /// input size and any setting; batches still pay the provider's share of it.
    /// </summary>
    public required IReadOnlyDictionary<RateKind, Rate> Rates { get; init; }

    /// <summary>Virtual key above provider key above provider; two of them above either alone.</summary>
    internal int Scope => (VirtualKey is null ? 0 : 4) + (ProviderKey is null ? 0 : 2) + (Provider is null ? 0 : 1);

    /// <summary>
    /// Rates as they are entered: dollars per million tokens, or per picture, second or request, under the names of
    /// <see cref="RateKinds"/>. Every entry that is not a price is listed in <paramref name="mistakes"/>, and then nothing is returned.
    /// </summary>
    public static IReadOnlyDictionary<RateKind, Rate>? ReadRates(
        IEnumerable<KeyValuePair<string, decimal>> entered,
        out IReadOnlyList<string> mistakes
    )
    {
        var rates = new Dictionary<RateKind, Rate>();
        var found = new List<string>();
        foreach (var (name, usd) in entered)
        {
            if (!RateKinds.TryParse(name, out var kind))
            {
                found.Add($"{name} is no kind of price.");
            }
            else if (RateKinds.TryPrice(kind, usd, out var money))
            {
                rates[kind] = new Rate(money);
            }
            else
            {
                var decimals = RateKinds.IsTokens(kind) ? "six" : "twelve";
                found.Add($"{name} must be zero or more, with at most {decimals} decimals.");
            }
        }

        mistakes = found;
        return found.Count == 0 ? rates : null;
    }
}

/// <summary>Who asks for a price: what overrides are scoped by, by id or name as the overrides spell them.</summary>
/// <param name="Provider">As configured.</param>
/// <param name="ProviderKey">Its id.</param>
/// <param name="VirtualKey">Its id; null without one.</param>
/// <param name="Operation">Null: overrides for some operations only do not apply.</param>
public readonly record struct PriceScope(
    string Provider,
    string? ProviderKey = null,
    string? VirtualKey = null,
    Operation? Operation = null
);
