using System.Collections.Concurrent;
using Bifrost.Core.World;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Remembers what models take and where their predictions are created. However many ask for the same model at once, Replicate is
/// asked once; what is stale is served while it is asked again. Bounded. Thread-safe.</summary>
internal sealed class ModelRoutes(ReplicateRuntime runtime)
{
    /// <summary>Models kept.</summary>
    public const int Capacity = 2000;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan FailureFresh = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Route> _routes = new(StringComparer.Ordinal);

    public int Count => _routes.Count;

    /// <summary>What is known, asking first where nothing is. Throws only when <paramref name="cancel"/> is cancelled; the asking goes on for
    /// the others who wait for it.</summary>
    public async Task<Outcome<ResolvedModel>> ResolveAsync(
        ProviderModel provider,
        KeyModel key,
        ModelReference model,
        CancellationToken cancel
    )
    {
        // A version id alone has no place where it describes itself.
        if (model.ModelPath is null)
        {
            return ModelLookup.Unasked(model);
        }

        var route = RouteOf(provider, key, model);
        route.UsedAt = runtime.Clock.GetTimestamp();
        if (route.Known is { } known)
        {
            if (route.IsStale(runtime.Clock))
            {
                _ = AskOnceAsync(route, provider, key, model);
            }

            return known;
        }

        if (route.RecentFailure(runtime.Clock) is { } failure)
        {
            return Without(model, failure);
        }

        return (await AskOnceAsync(route, provider, key, model).WaitAsync(cancel)).Failed(out var fault, out var found)
            ? Without(model, fault)
            : found;
    }

    /// <summary>The model refused to be created without a version: from now on it is created by its newest one. Null when there is none.</summary>
    public ResolvedModel? Reroute(ProviderModel provider, KeyModel key, ResolvedModel model)
    {
        if (!model.Unversioned || model.LatestVersion is not { } version)
        {
            return null;
        }

        var byVersion = model.ByVersion(version);
        var route = RouteOf(provider, key, model.Reference);
        route.NeedsVersion = true;
        route.Known = byVersion;
        return byVersion;
    }

    /// <summary>Asks again although something is known. When that fails, what is known stays.</summary>
    public async Task<Outcome<ResolvedModel>> RefreshAsync(
        ProviderModel provider,
        KeyModel key,
        ResolvedModel model,
        CancellationToken cancel
    ) =>
        model.Reference.ModelPath is null
            ? model
            : await AskOnceAsync(RouteOf(provider, key, model.Reference), provider, key, model.Reference).WaitAsync(cancel);

    /// <summary>A key may see models that another does not, so nothing is shared between keys.</summary>
    private Route RouteOf(ProviderModel provider, KeyModel key, ModelReference model)
    {
        var name = $"{provider.Base.Authority}\n{Convert.ToHexString(key.Fingerprint.Span)}\n{model}";
        if (!_routes.TryGetValue(name, out var route))
        {
            if (_routes.Count >= Capacity)
            {
                Forget();
            }

            route = _routes.GetOrAdd(name, _ => new Route());
        }

        return route;
    }

    private Task<Outcome<ResolvedModel>> AskOnceAsync(Route route, ProviderModel provider, KeyModel key, ModelReference model)
    {
        lock (route)
        {
            return route.Asking is { IsCompleted: false } asking
                ? asking
                : route.Asking = AskAsync(route, runtime.ClientOf(provider, key), model);
        }
    }

    private async Task<Outcome<ResolvedModel>> AskAsync(Route route, PredictionClient client, ModelReference model)
    {
        var outcome = await ModelLookup.AskAsync(client, model, CancellationToken.None);
        if (outcome.Failed(out var fault, out var found))
        {
            route.Fail(fault, runtime.Clock);
            return fault;
        }

        if (route.NeedsVersion && found is { Unversioned: true, LatestVersion: { } version })
        {
            found = found.ByVersion(version);
        }

        route.Learn(found, runtime.Clock, model.Kind == ReferenceKind.Version ? Timeout.InfiniteTimeSpan : Fresh);
        return found;
    }

    /// <summary>Our own copy serves where Replicate cannot be asked; where it says no, it means no.</summary>
    private static Outcome<ResolvedModel> Without(ModelReference model, Fault fault)
    {
        var passing = fault.Rule.Culprit == Culprit.Target || fault.Kind == FaultKind.UpstreamError;
        return passing && ModelLookup.Unasked(model) is { Schema: not null } seed ? seed : fault;
    }

    private void Forget()
    {
        var oldest = _routes.OrderBy(pair => pair.Value.UsedAt).Take(Capacity / 10).ToList();
        foreach (var pair in oldest)
        {
            _routes.TryRemove(pair);
        }
    }

    private sealed class Route
    {
        private volatile ResolvedModel? _known;
        private volatile Failure? _failure;
        private long _staleAt = long.MaxValue;
        private long _usedAt;

        public ResolvedModel? Known
        {
            get => _known;
            set => _known = value;
        }

        public long UsedAt
        {
            get => Volatile.Read(ref _usedAt);
            set => Volatile.Write(ref _usedAt, value);
        }

        /// <summary>The official endpoint has refused it once.</summary>
        public volatile bool NeedsVersion;

        public Task<Outcome<ResolvedModel>>? Asking { get; set; }

        public bool IsStale(TimeProvider clock) => clock.GetUtcNow().Ticks >= Volatile.Read(ref _staleAt);

        public Fault? RecentFailure(TimeProvider clock) =>
            _failure is { } failure && clock.GetUtcNow() < failure.Until ? failure.Fault : null;

        public void Learn(ResolvedModel found, TimeProvider clock, TimeSpan fresh)
        {
            Volatile.Write(ref _staleAt, fresh == Timeout.InfiniteTimeSpan ? long.MaxValue : (clock.GetUtcNow() + fresh).Ticks);
            _failure = null;
            _known = found;
        }

        public void Fail(Fault fault, TimeProvider clock)
        {
            // A bad token or a broken line may be mended at once; only a plain "no such model" is worth remembering for others.
            var until = clock.GetUtcNow() + FailureFresh;
            Volatile.Write(ref _staleAt, _known is null ? long.MaxValue : until.Ticks);
            _failure = fault.Kind is FaultKind.ModelNotFound or FaultKind.NotFound ? new Failure(fault, until) : null;
        }

        private sealed record Failure(Fault Fault, DateTimeOffset Until);
    }
}
