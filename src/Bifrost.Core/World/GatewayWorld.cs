using System.Collections.Frozen;

namespace Bifrost.Core.World;

/// <summary>Everything configured, validated and resolved. Immutable; a request sees one world from start to end.</summary>
public sealed class GatewayWorld
{
    public required ClientConfig Client { get; init; }

    /// <summary>What requests to providers go through, or null.</summary>
    public ProxyConfig? Proxy { get; init; }

    /// <summary>By name, ordinal, ignoring case.</summary>
    public required FrozenDictionary<string, ProviderModel> Providers { get; init; }

    /// <summary>Names of published providers that this gateway knows but does not serve yet.</summary>
    public required FrozenSet<string> NotServed { get; init; }

    /// <summary>Hosts (with port) of configured providers: the only private addresses the gateway may fetch from.</summary>
    public required FrozenSet<string> TrustedHosts { get; init; }

    /// <summary>Callers may bring a provider's own key.</summary>
    public bool AllowsDirectKeys => Client.AllowDirectKeys ?? !Client.EnforceAuthOnInference;
}

/// <summary>The world now. One reference write publishes a new one.</summary>
public sealed class WorldHolder(GatewayWorld first)
{
    private volatile GatewayWorld _now = first;

    public GatewayWorld Now => _now;

    public void Publish(GatewayWorld next) => _now = next;
}
