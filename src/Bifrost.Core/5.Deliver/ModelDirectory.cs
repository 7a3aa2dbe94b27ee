using System.Collections.Concurrent;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Deliver;

/// <summary>What can be asked for: what upstream lists, what the configuration names, and the seeds of each provider, in that order of trust.
/// Upstream lists are kept for ten minutes for each key; a provider that does not answer leaves the rest standing. Thread-safe.</summary>
public sealed class ModelDirectory(TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Provider, string Key), Listing> _listings = new();

    public async ValueTask<Outcome<WrittenAnswer>> FindAsync(Exchange exchange)
    {
        var all = await ListAsync(exchange);
        if (exchange.Operation == Operation.ModelList)
        {
            return WrittenAnswer.Of<object, ModelPage>(new ModelPage(all), null);
        }

        var id = exchange.PathId!;
        foreach (var entry in all)
        {
            if (entry.Id == id || (exchange.SurfaceProvider is { } surface && entry.Id == $"{surface}/{id}"))
            {
                return WrittenAnswer.Of<object, ModelEntry>(entry with { Id = id }, null);
            }
        }

        // Replicate has tens of thousands of models that no list names: what can be asked for exists as far as we can say.
        var resolved = Plan.ModelName.Resolve(id, exchange.SurfaceProvider, exchange.World);
        return
            resolved.Fault is null
            && resolved.Value.Provider.Kind.Knows(resolved.Value.Model)
            && AccessTo(exchange, resolved.Value.Provider) is { } access
            && access.Allows(resolved.Value.Model)
            ? WrittenAnswer.Of<object, ModelEntry>(
                new ModelEntry(id, OwnerOf(resolved.Value.Model, resolved.Value.Provider.Id), null),
                null
            )
            : new Fault(FaultKind.ModelNotFound, $"There is no model \"{id}\" here. GET /v1/models lists what there is.")
            {
                Param = "model",
            };
    }

    private async ValueTask<IReadOnlyList<ModelEntry>> ListAsync(Exchange exchange)
    {
        var named = exchange.Http.Request.Query["provider"].ToString();
        named = named.Length > 0 ? named : exchange.Http.Request.Headers["x-bf-list-models-provider"].ToString();
        var byId = new SortedDictionary<string, ModelEntry>(StringComparer.Ordinal);
        foreach (var provider in exchange.World.Providers.Values)
        {
            var wanted = named is "" or "all" || string.Equals(named, provider.Id, StringComparison.OrdinalIgnoreCase);
            if (wanted && provider.IsConfigured && AccessTo(exchange, provider) is { } access)
            {
                await AddAsync(provider, access, byId, exchange.CallerLeft);
            }
        }

        return [.. byId.Values];
    }

    private async ValueTask AddAsync(
        ProviderModel provider,
        ProviderAccess access,
        SortedDictionary<string, ModelEntry> byId,
        CancellationToken cancel
    )
    {
        foreach (var key in provider.Keys.Count > 0 ? provider.Keys : [ProviderModel.NoKey])
        {
            if (!access.AllowsKey(key.Id) && key != ProviderModel.NoKey)
            {
                continue;
            }

            var upstream = await ListOfAsync(provider, key, cancel);
            AddServed(upstream, provider, key, access, byId);
            AddServed(provider.Kind.Models.Seeds, provider, key, access, byId);
            // Named for the caller and not forbidden to the key: it can be asked for, whether or not a list has it.
            AddServed(Named(access.Models, provider), provider, key, access, byId);
            AddServed(Named(key.Models, provider), provider, key, access, byId);
            foreach (var alias in key.Aliases)
            {
                AddServed([new ModelEntry(alias.Key, OwnerOf(alias.Value, provider.Id), null)], provider, key, access, byId);
            }
        }
    }

    private static void AddServed(
        IReadOnlyList<ModelEntry> entries,
        ProviderModel provider,
        KeyModel key,
        ProviderAccess access,
        SortedDictionary<string, ModelEntry> byId
    )
    {
        foreach (var entry in entries)
        {
            if (key.Serves(entry.Id) && access.Allows(entry.Id))
            {
                var id = $"{provider.Id}/{entry.Id}";
                byId.TryAdd(id, entry with { Id = id });
            }
        }
    }

    private static List<ModelEntry> Named(IReadOnlyCollection<string>? models, ProviderModel provider)
    {
        var entries = new List<ModelEntry>(models?.Count ?? 0);
        foreach (var model in models ?? [])
        {
            // A caller's list may hold the same model with its provider's name before it.
            if (!model.StartsWith(provider.Id + "/", StringComparison.OrdinalIgnoreCase))
            {
                entries.Add(new ModelEntry(model, OwnerOf(model, provider.Id), null));
            }
        }

        return entries;
    }

    private static ProviderAccess? AccessTo(Exchange exchange, ProviderModel provider) =>
        exchange.Caller is { } caller ? caller.AccessTo(provider.Id) : ProviderAccess.Unrestricted;

    private async ValueTask<IReadOnlyList<ModelEntry>> ListOfAsync(ProviderModel provider, KeyModel key, CancellationToken cancel)
    {
        var name = (provider.Id + " " + provider.Base, Convert.ToHexString(key.Fingerprint.Span));
        var now = clock.GetTimestamp();
        if (_listings.TryGetValue(name, out var known) && clock.GetElapsedTime(known.At, now) < known.Lives)
        {
            return known.Models;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        Outcome<IReadOnlyList<ModelEntry>> listed;
        try
        {
            listed = await provider.Kind.Models.ListAsync(provider, key, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            listed = new Fault(FaultKind.Timeout, "The list of models took too long.");
        }

        // A stale list is better than none; asking again at once is not.
        var listing = listed.Fault is null ? new Listing(now, Fresh, listed.Value!) : new Listing(now, Retry, known?.Models ?? []);
        _listings[name] = listing;
        return listing.Models;
    }

    private static string OwnerOf(string model, string providerId)
    {
        var slash = model.IndexOf('/');
        return slash > 0 ? model[..slash] : providerId;
    }

    private sealed record Listing(long At, TimeSpan Lives, IReadOnlyList<ModelEntry> Models);
}
