using System.Collections.Frozen;
using Bifrost.Core.Contracts;
using Bifrost.Core.Outbound;

namespace Bifrost.Core.World;

/// <summary>Turns a configuration into a whole new world, off to the side.</summary>
public sealed class WorldBuilder(IReadOnlyList<Provider> kinds, IReadOnlyList<string> notServed)
{
    private readonly Dictionary<string, ProviderConfig> _defaults = new(StringComparer.Ordinal);

    /// <summary>The kinds of provider there are.</summary>
    public IReadOnlyList<Provider> Kinds => kinds;

    /// <summary>Published provider names that are known and not served.</summary>
    public IReadOnlyList<string> NotServed => notServed;

    /// <summary>Every kind is there, with its defaults, whether or not it is configured: a caller may bring its own key. Entries of
    /// <paramref name="config"/> whose kind is not served are left out; the reader of the file has warned of them.</summary>
    /// <param name="config">What is configured.</param>
    /// <param name="previous">The world that the new one follows, or null. A provider whose configuration is the same instance as then stays the same, and
    /// keeps its connections; one whose network settings are the same instance keeps its connections.</param>
    public GatewayWorld Build(GatewayConfig config, GatewayWorld? previous = null)
    {
        var providers = new Dictionary<string, ProviderModel>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, provider) in config.Providers)
        {
            foreach (var kind in kinds)
            {
                if (kind.Id == provider.Kind)
                {
                    providers[id] = Resolve(id, kind, provider, config.Proxy, previous);
                }
            }
        }

        // After the configured ones, so that no connection pool is made to be thrown away.
        foreach (var kind in kinds)
        {
            if (!providers.ContainsKey(kind.Id))
            {
                providers[kind.Id] = Resolve(kind.Id, kind, DefaultOf(kind), config.Proxy, previous);
            }
        }

        var missing = new List<string>();
        foreach (var name in notServed)
        {
            if (!providers.ContainsKey(name))
            {
                missing.Add(name);
            }
        }

        var trusted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in providers.Values)
        {
            trusted.Add($"{provider.Base.Host}:{provider.Base.Port}");
        }

        return new GatewayWorld
        {
            Client = config.Client,
            Proxy = config.Proxy,
            Providers = providers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            NotServed = missing.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            TrustedHosts = trusted.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        };
    }

    // Always the same instance, so that the next world finds it unchanged.
    private ProviderConfig DefaultOf(Provider kind)
    {
        lock (_defaults)
        {
            return _defaults.TryGetValue(kind.Id, out var there) ? there : _defaults[kind.Id] = new ProviderConfig { Kind = kind.Id };
        }
    }

    private static ProviderModel Resolve(string id, Provider kind, ProviderConfig config, ProxyConfig? proxy, GatewayWorld? previous)
    {
        var before = previous is not null && ReferenceEquals(previous.Proxy, proxy) ? previous.Providers.GetValueOrDefault(id) : null;
        if (before is not null && ReferenceEquals(before.Config, config))
        {
            return before;
        }

        var keys = new List<KeyModel>();
        foreach (var key in config.Keys)
        {
            if (key.Enabled && (!key.Value.IsEmpty || config.KeyLess))
            {
                keys.Add(new KeyModel(key));
            }
        }

        return new ProviderModel
        {
            Id = id,
            Kind = kind,
            Base = kind.BaseOf(config.Network.BaseUrl ?? kind.Home),
            Keys = keys,
            KeyLess = config.KeyLess,
            Network = config.Network,
            Config = config,
            Http = ReferenceEquals(before?.Network, config.Network) ? before!.Http : ProviderHttp.Create(config.Network, proxy),
            Patience = config.Network.RequestTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : kind.Patience,
        };
    }
}
