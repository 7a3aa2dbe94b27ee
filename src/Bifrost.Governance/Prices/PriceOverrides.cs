using System.Collections.Frozen;

namespace Bifrost.Governance.Prices;

/// <summary>The operator's prices, laid over the catalogue's. Immutable.</summary>
public sealed class PriceOverrides
{
    private readonly PriceOverride[] _strongestFirst;
    private readonly FrozenSet<string> _virtualKeys;

    public PriceOverrides(IEnumerable<PriceOverride> overrides)
    {
        _strongestFirst =
        [
            .. overrides
                .Select((item, position) => (item, position))
                .OrderByDescending(entry => entry.item.Scope)
                .ThenByDescending(entry => entry.item.Model.Specificity)
                .ThenByDescending(entry => entry.position)
                .Select(entry => entry.item),
        ];
        _virtualKeys = _strongestFirst.Select(item => item.VirtualKey).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
    }

    public static PriceOverrides None { get; } = new([]);

    /// <summary>Some override is for one virtual key only.</summary>
    internal bool MentionKeys => _virtualKeys.Count > 0;

    /// <summary>Some override is for this virtual key; for all others prices are alike.</summary>
    internal bool Mention(string virtualKey) => _virtualKeys.Contains(virtualKey);

    /// <summary>
    /// The price with the strongest override that applies, or as it was if none does. An override gives a price to a model that had none; it is
    /// still null if there is neither.
    /// </summary>
    public ModelPrice? Apply(ModelPrice? listed, PriceScope scope, string model)
    {
        foreach (var candidate in _strongestFirst)
        {
            if (candidate.Rates.Count > 0 && Applies(candidate, scope, model))
            {
                return Merge(listed, candidate, scope, model);
            }
        }

        return listed;
    }

    private static bool Applies(PriceOverride candidate, PriceScope scope, string model) =>
        (candidate.Provider is null || string.Equals(candidate.Provider, scope.Provider, StringComparison.OrdinalIgnoreCase))
        && (candidate.ProviderKey is null || candidate.ProviderKey == scope.ProviderKey)
        && (candidate.VirtualKey is null || candidate.VirtualKey == scope.VirtualKey)
        && (candidate.Operations is null || (scope.Operation is { } asked && candidate.Operations.Contains(asked)))
        && candidate.Model.Matches(model);

    private static ModelPrice Merge(ModelPrice? listed, PriceOverride applied, PriceScope scope, string model) =>
        listed is null
            ? new ModelPrice
            {
                Provider = scope.Provider,
                Model = model,
                Rules = [new PriceRule(PriceCondition.Always, applied.Rates)],
                Source = "override",
                Date = "",
                Version = $"override:{applied.Id}",
            }
            : listed with
            {
                Rules = [.. listed.Rules.Select(rule => rule.With(applied.Rates))],
                Source = "override",
                Date = "",
                Version = $"{listed.Version}+override:{applied.Id}",
            };
}
