using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Core.Plan;

/// <summary>Which providers may serve a model named without its provider, for a caller whose virtual key lists providers: one drawn by weight,
/// then all others by falling weight.</summary>
internal static class BareModel
{
    /// <summary>Whether the name says which provider it belongs to.</summary>
    public static bool IsBare(string asked, GatewayWorld world)
    {
        var slash = asked.IndexOf('/');
        // Only a name that is a provider's is a prefix; others are part of the model's name (owner/name).
        return slash <= 0 || !(world.Providers.ContainsKey(asked[..slash]) || world.NotServed.Contains(asked[..slash]));
    }

    /// <summary>The first to try first. Empty when none of the caller's providers is chosen by weight for this model.</summary>
    public static List<ProviderModel> ProvidersFor(Exchange exchange, string model, IReadOnlyList<ProviderAccess> listed)
    {
        var found = Candidates(exchange, model, listed, mustKnow: true);
        if (!HasWeighted(found))
        {
            // Nobody names it as their own: a server of one's own, say, that lists no models. Whoever would take it may.
            found = Candidates(exchange, model, listed, mustKnow: false);
        }

        if (!HasWeighted(found))
        {
            return [];
        }

        // By falling weight; those without one, which only follow, last. Equal ones keep the order written.
        var ordered = new List<(ProviderModel Provider, double? Weight)>(found.Count);
        foreach (var one in found)
        {
            var at = ordered.Count;
            while (at > 0 && (ordered[at - 1].Weight ?? -1) < (one.Weight ?? -1))
            {
                at--;
            }

            ordered.Insert(at, one);
        }

        var first = Draw(ordered);
        var providers = new List<ProviderModel>(ordered.Count) { ordered[first].Provider };
        for (var i = 0; i < ordered.Count; i++)
        {
            if (i != first)
            {
                providers.Add(ordered[i].Provider);
            }
        }

        return providers;
    }

    private static List<(ProviderModel Provider, double? Weight)> Candidates(
        Exchange exchange,
        string model,
        IReadOnlyList<ProviderAccess> listed,
        bool mustKnow
    )
    {
        var found = new List<(ProviderModel, double?)>(listed.Count);
        for (var i = 0; i < listed.Count; i++)
        {
            var access = listed[i];
            if (
                access.Allows(model)
                && exchange.World.Providers.TryGetValue(access.Provider, out var provider)
                && provider.Kind.OfferFor(exchange.Operation) is not null
                && Serves(exchange, provider, model, access, mustKnow)
            )
            {
                found.Add((provider, access.Weight));
            }
        }

        return found;
    }

    private static bool Serves(Exchange exchange, ProviderModel provider, string model, ProviderAccess access, bool mustKnow)
    {
        // The operator who lists the model for the key says that it is there.
        var known = access.Models is not null || (provider.Id == provider.Kind.Id && provider.Kind.Knows(model));
        if (exchange.Presented is { } own && (!provider.IsConfigured || provider.Kind.LooksLikeKey(own)))
        {
            return known || !mustKnow;
        }

        if (provider.KeyLess && provider.Keys.Count == 0)
        {
            return known || !mustKnow;
        }

        foreach (var key in provider.Keys)
        {
            // A key that is limited to models and serves this one names it.
            if (
                access.AllowsKey(key.Id)
                && key.Serves(model)
                && (known || !mustKnow || key.Models is not null || key.Aliases.ContainsKey(model))
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasWeighted(List<(ProviderModel Provider, double? Weight)> found)
    {
        foreach (var one in found)
        {
            if (one.Weight is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static int Draw(List<(ProviderModel Provider, double? Weight)> ordered)
    {
        var total = 0.0;
        foreach (var one in ordered)
        {
            total += one.Weight ?? 0;
        }

        var ball = Random.Shared.NextDouble() * total;
        for (var i = 0; i < ordered.Count && total > 0; i++)
        {
            ball -= ordered[i].Weight ?? 0;
            if (ball < 0)
            {
                return i;
            }
        }

        return 0;
    }
}
