using System.Collections.Frozen;

namespace Bifrost.Core.Contracts;

/// <summary>What a caller may use at one provider. Null is unrestricted, an empty list is nothing; <c>*</c> has been resolved to null.</summary>
public sealed class ProviderAccess
{
    private readonly FrozenSet<string>? _models;
    private readonly FrozenSet<string>? _keys;

    /// <param name="provider">As configured; compared ignoring case.</param>
    /// <param name="models">Model names with or without the provider's prefix, or null.</param>
    /// <param name="keys">Ids of provider keys, or null.</param>
    /// <param name="weight">Share in choosing a provider for a bare model name. Null: never chosen, may be named and fallen back to.</param>
    public ProviderAccess(string provider, IReadOnlyCollection<string>? models, IReadOnlyCollection<string>? keys, double? weight)
    {
        Provider = provider;
        Weight = weight;
        _keys = keys?.ToFrozenSet(StringComparer.Ordinal);
        _models = models is null ? null : WithoutPrefix(provider, models).ToFrozenSet(StringComparer.Ordinal);
    }

    public static ProviderAccess Unrestricted { get; } = new("*", null, null, null);

    public string Provider { get; }

    public double? Weight { get; }

    /// <summary>The models listed, or null for all.</summary>
    public IReadOnlyCollection<string>? Models => _models;

    /// <param name="model">As asked, without the provider's prefix.</param>
    public bool Allows(string model) => _models is null || _models.Contains(model);

    /// <param name="keyId">Id of a provider key.</param>
    public bool AllowsKey(string keyId) => _keys is null || _keys.Contains(keyId);

    private static IEnumerable<string> WithoutPrefix(string provider, IReadOnlyCollection<string> models)
    {
        foreach (var model in models)
        {
            yield return model;
            if (
                model.Length > provider.Length + 1
                && model[provider.Length] == '/'
                && model.StartsWith(provider, StringComparison.OrdinalIgnoreCase)
            )
            {
                yield return model[(provider.Length + 1)..];
            }
        }
    }
}
