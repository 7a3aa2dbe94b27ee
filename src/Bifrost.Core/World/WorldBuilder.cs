using System.Collections.Frozen;
using Bifrost.Core.Contracts;
using Bifrost.Core.Outbound;

namespace Bifrost.Core.World;

/// <summary>Turns a configuration into a whole new world, off to the side.</summary>
public sealed class WorldBuilder(IReadOnlyList<Provider> kinds, IReadOnlyList<string> notServed)
{
    /// <summary>The kinds of provider there are.</summary>
    public IReadOnlyList<Provider> Kinds => kinds;

    /// <summary>Published provider names that are known and not served.</summary>
    public IReadOnlyList<string> NotServed => notServed;

    /// <summary>Every kind is there, with its defaults, whether or not it is configured: a caller may bring its own key. Entries of
    /// <paramref name="config"/> whose kind is not served are left out; the reader of the file has warned of them.</summary>
    public GatewayWorld Build(GatewayConfig config)
    {
        var providers = new Dictionary<string, ProviderModel>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, provider) in config.Providers)
        {
            foreach (var kind in kinds)
            {
                if (kind.Id == provider.Kind)
                {
                    providers[id] = Resolve(id, kind, provider);
                }
            }
        }

        // After the configured ones, so that no connection pool is made to be thrown away.
        foreach (var kind in kinds)
        {
            if (!providers.ContainsKey(kind.Id))
            {
                providers[kind.Id] = Resolve(kind.Id, kind, new ProviderConfig { Kind = kind.Id });
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
            Providers = providers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            NotServed = missing.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            TrustedHosts = trusted.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        };
    }

    private static ProviderModel Resolve(string id, Provider kind, ProviderConfig config)
    {
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
            Http = ProviderHttp.Create(config.Network),
            Patience = config.Network.RequestTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : kind.Patience,
        };
    }
}
