using Bifrost.Core.Contracts;
using Bifrost.Core.Outbound;
using Bifrost.Core.World;
using Bifrost.Providers;
using Bifrost.Providers.Replicate;

namespace Bifrost.Server.Http;

/// <summary>The kinds of provider there are, made before anything is configured: reading a configuration needs to know them.</summary>
public sealed class ProviderSet : IAsyncDisposable
{
    private readonly GuardedHttp _outbound;
    private WorldHolder? _world;

    private ProviderSet(HostSettings settings, ILoggerFactory logs)
    {
        _outbound = new GuardedHttp(() => _world!.Now.TrustedHosts);
        Replicate = new ReplicateProvider(new ReplicateServices(settings.Clock, _outbound, logs) { Pace = settings.Pace });
        Kinds = ProviderCatalog.Build(Replicate);
        Builder = new WorldBuilder(Kinds, ProviderCatalog.NotServed);
    }

    public IReadOnlyList<Provider> Kinds { get; }

    internal ReplicateProvider Replicate { get; }

    internal WorldBuilder Builder { get; }

    public static ProviderSet Create(HostSettings settings, ILoggerFactory logs) => new(settings, logs);

    public async ValueTask DisposeAsync()
    {
        await Replicate.DisposeAsync();
        foreach (var provider in _world?.Now.Providers.Values ?? [])
        {
            provider.Http.Dispose();
        }

        _outbound.Dispose();
    }

    /// <summary>The first world, from which on fetches know whom to trust.</summary>
    internal WorldHolder Open(GatewayConfig config) => _world = new WorldHolder(Builder.Build(config));
}
