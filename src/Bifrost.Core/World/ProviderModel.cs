using Bifrost.Core.Contracts;

namespace Bifrost.Core.World;

/// <summary>A configured provider, resolved: keys ready, address settled, connections pooled. Immutable.</summary>
public sealed class ProviderModel
{
    private readonly Uri?[] _addresses = new Uri?[Enum.GetValues<Operation>().Length];

    /// <summary>Its name in model strings; differs from the kind's for custom providers.</summary>
    public required string Id { get; init; }

    public required Provider Kind { get; init; }

    /// <summary>Ends with a slash.</summary>
    public required Uri Base { get; init; }

    public required IReadOnlyList<KeyModel> Keys { get; init; }

    public required NetworkConfig Network { get; init; }

    /// <summary>Sends to this provider with its own timeouts, certificates and connection limit. Follows no redirects.</summary>
    public required HttpMessageInvoker Http { get; init; }

    /// <summary>How long one request may take in all.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>What it was made of; tells whether the next world needs another.</summary>
    public ProviderConfig? Config { get; init; }

    /// <summary>Works without a key.</summary>
    public bool KeyLess { get; init; }

    /// <summary>It is the provider itself that is called, not a server that speaks like it.</summary>
    public bool IsHome => string.Equals(Base.Host, Kind.Home.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Streams can be made to tell what they consumed.</summary>
    public bool StreamsUsage => Network.StreamUsage ?? IsHome;

    /// <summary>There is a credential to call it with.</summary>
    public bool IsConfigured => KeyLess || Keys.Count > 0;

    /// <summary>The address of an offer, made once.</summary>
    public Uri AddressOf(HttpOffer offer) => _addresses[(int)offer.Operation] ??= new Uri(Base, offer.Path);

    /// <summary>For operations that need no particular key, and for key-less providers.</summary>
    public static KeyModel NoKey { get; } = new(new KeyConfig { Name = "none" });
}
