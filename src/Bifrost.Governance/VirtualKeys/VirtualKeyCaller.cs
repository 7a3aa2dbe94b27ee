using System.Globalization;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.VirtualKeys;

/// <summary>Whoever shows a virtual key. One instance for as long as the key is not edited; what costs memory is made when first asked for, because most
/// keys of a large installation sleep.</summary>
public sealed class VirtualKeyCaller : Caller
{
    private IReadOnlyList<ProviderAccess>? _providers;
    private ChainCache _chains;
    private readonly OwnedLimits _owned;
    private OwnersOnce? _owners;
    private KeyLimits? _limits;

    internal VirtualKeyCaller(VirtualKey key, OwnedLimits owned) => (Key, _owned) = (key, owned);

    public VirtualKey Key { get; }

    /// <inheritdoc/>
    public override string Id => Key.Id;

    /// <inheritdoc/>
    public override string Name => Key.Name;

    /// <inheritdoc/>
    public override string? TeamId => Owners.TeamId;

    /// <inheritdoc/>
    public override string? BusinessUnitId => Owners.BusinessUnitId;

    /// <inheritdoc/>
    public override string? CustomerId => Owners.CustomerId;

    /// <inheritdoc/>
    public override string? UserId => Owners.UserId;

    /// <inheritdoc/>
    public override bool? KeepsContent => Key.LogContent;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderAccess>? Providers =>
        Key.ProviderConfigs is { } configs ? _providers ??= AccessOf(configs) : null;

    /// <summary>Of the key itself; null without any.</summary>
    internal LimitSet? Limits => Open(null).Own;

    /// <summary>Of each provider config, in order; null when none has any.</summary>
    internal LimitSet?[]? ConfigLimits => Open(null).OfConfigs;

    internal ref ChainCache Chains => ref _chains;

    /// <summary>Whose the key is, and who is above them, as things stand now.</summary>
    private LimitOwners Owners
    {
        get
        {
            if (_owned.Book.Now is not { } now)
            {
                return LimitOwners.Nobody;
            }

            if (_owners is { } known && known.Version == now.Version)
            {
                return known.Owners;
            }

            var owners = ChainMaking.OwnersOf(now.Snapshot, Key).Owners;
            _owners = new OwnersOnce(now.Version, owners);
            return owners;
        }
    }

    /// <inheritdoc/>
    public override Fault? Refusal(DateTimeOffset now)
    {
        if (!Key.IsActive)
        {
            return Blocked($"The virtual key \"{Key.Name}\" is inactive. Ask whoever gave it to you to switch it on, or use another one.");
        }

        return Key.ExpiresAt is { } end && end <= now
            ? Blocked(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The virtual key \"{Key.Name}\" expired on {end.ToUniversalTime():yyyy-MM-dd} at {end.ToUniversalTime():HH:mm:ss} UTC. Ask whoever gave it to you for a later expiry, or use another one."
                )
            )
            : null;
    }

    /// <summary>Opens the counters, unless they are open.</summary>
    /// <param name="carried">See <see cref="Till.Open"/>. Counters that sleep exist nowhere else, so nothing is carried when they wake.</param>
    internal KeyLimits Open(ICollection<MeterCharge>? carried)
    {
        if (Volatile.Read(ref _limits) is { } open)
        {
            return open;
        }

        // Twice at once would leave a set that nobody closes.
        lock (_owned.Opening)
        {
            if (_limits is null)
            {
                Volatile.Write(ref _limits, _owned.Open(Key, carried));
            }

            return _limits;
        }
    }

    /// <summary>The limits of what this key may use at a provider, or null.</summary>
    internal LimitSet? ConfigLimitsAt(string provider)
    {
        if (ConfigLimits is not { } limits || Key.ProviderConfigs is not { } configs)
        {
            return null;
        }

        for (var i = 0; i < configs.Count; i++)
        {
            if (string.Equals(configs[i].Provider, provider, StringComparison.OrdinalIgnoreCase))
            {
                return limits[i];
            }
        }

        return null;
    }

    /// <summary>Holds no snapshot: most keys sleep, and would keep old ones alive.</summary>
    private sealed record OwnersOnce(long Version, LimitOwners Owners);

    private static Fault Blocked(string message) => new(FaultKind.VirtualKeyBlocked, message);

    private static ProviderAccess[] AccessOf(IReadOnlyList<VirtualKeyProvider> configs)
    {
        var access = new ProviderAccess[configs.Count];
        for (var i = 0; i < access.Length; i++)
        {
            var config = configs[i];
            access[i] = new ProviderAccess(config.Provider, Listed(config.AllowedModels), Listed(config.KeyIds), config.Weight);
        }

        return access;
    }

    private static IReadOnlyList<string>? Listed(IReadOnlyList<string>? words) => words is ["*"] ? null : words;
}
