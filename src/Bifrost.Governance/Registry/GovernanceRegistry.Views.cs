using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.VirtualKeys;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Governance.Registry;

public sealed partial class GovernanceRegistry
{
    /// <summary>The limits that bind this exchange at this target, and whose they are. A fault: the value of a dimension cannot be counted.</summary>
    public Outcome<LimitChain> ChainFor(Exchange exchange, Target target) =>
        ChainFor(exchange.Caller, target.Provider.Id, exchange.AskedModel, target.Model, exchange.Http.Request.Headers);

    /// <summary>As the other. Allocates nothing for a caller that asked the same before, unless a dimension is named in the headers.</summary>
    /// <param name="caller">One of <see cref="Find"/>, or null.</param>
    /// <param name="provider">Id of the provider.</param>
    /// <param name="asked">The model as asked, with or without the provider's prefix; empty without a model.</param>
    /// <param name="sent">The model as sent.</param>
    /// <param name="headers">Of the request.</param>
    public Outcome<LimitChain> ChainFor(Caller? caller, string provider, string asked, string sent, IHeaderDictionary headers)
    {
        var state = Volatile.Read(ref _state);
        var chain = _chains.Of(state, caller as VirtualKeyCaller, provider, asked, sent);
        return state.Dimensions.Length == 0 ? chain : _chains.WithDimensions(state, chain, headers);
    }

    /// <summary>A page of one kind of object: <c>List&lt;VirtualKey&gt;(query)</c>.</summary>
    public Page<T> List<T>(ListQuery query)
        where T : GovernanceObject
    {
        return _lists.List((IReadOnlyDictionary<string, T>)Now.AllOf(typeof(T)), query);
    }

    /// <summary>How the limits of one object stand: its own, and for a virtual key those of its provider configs. Empty when it is not there any more, and
    /// for dimension limits, whose counters belong to values.</summary>
    public IReadOnlyList<LimitView> LimitsOf(GovernanceObject value)
    {
        var views = new List<LimitView>();
        if (value is VirtualKey key)
        {
            var caller = Now.VirtualKeys.TryGetValue(key.Id, out var current) ? _limits.CallerOf(current) : null;
            AddViews(views, caller?.Limits);
            foreach (var set in caller?.ConfigLimits ?? [])
            {
                AddViews(views, set);
            }

            return views;
        }

        var at = ObjectRef.Of(value);
        AddViews(views, _limits.Of(at.Kind, at.Id));
        return views;
    }

    /// <summary>Every limit that may bind a call of this virtual key, over all levels, the one with the smallest share left first; null when there is no such
    /// key. Limits on dimensions are not among them: they bind what a call names.</summary>
    public IReadOnlyList<LimitView>? Explain(string virtualKeyId)
    {
        var state = Volatile.Read(ref _state);
        if (!state.Snapshot.VirtualKeys.TryGetValue(virtualKeyId, out var key) || _limits.CallerOf(key) is not { } caller)
        {
            return null;
        }

        return Views(_chains.Possible(state, caller));
    }

    /// <summary>The limits that bind a call of this virtual key to this model at this provider, the one with the smallest share left first; null when there
    /// is no such key.</summary>
    public IReadOnlyList<LimitView>? Explain(string virtualKeyId, string provider, string model)
    {
        var state = Volatile.Read(ref _state);
        if (!state.Snapshot.VirtualKeys.TryGetValue(virtualKeyId, out var key) || _limits.CallerOf(key) is not { } caller)
        {
            return null;
        }

        return Views(_chains.Of(state, caller, provider, model, model).Sets.ToArray());
    }

    /// <summary>For the holder of a key; null for any other caller.</summary>
    public Quota? QuotaOf(Caller caller) =>
        caller is VirtualKeyCaller { Key: var key }
            ? new Quota
            {
                Id = key.Id,
                Name = key.Name,
                IsActive = key.IsActive,
                ExpiresAt = key.ExpiresAt,
                Limits = LimitsOf(key),
            }
            : null;

    private List<LimitView> Views(IReadOnlyList<LimitSet> sets)
    {
        var views = new List<LimitView>();
        foreach (var set in sets)
        {
            AddViews(views, set);
        }

        // Stable, so that of two equally near their end the one checked first comes first.
        return [.. views.OrderBy(view => view.EffectiveLimit == 0 ? 0 : (double)view.Remaining / view.EffectiveLimit)];
    }

    private void AddViews(List<LimitView> views, LimitSet? set)
    {
        if (set is not null)
        {
            views.AddRange(_till.View(set));
        }
    }

    private long Spent(GovernanceObject value)
    {
        if (value is not LimitedObject { Budgets.Count: > 0 })
        {
            return 0;
        }

        var set = value is VirtualKey key ? _limits.CallerOf(key)?.Limits : _limits.Of(ObjectRef.KindOf(value), value.Id);
        return set is null
            ? 0
            : _till.View(set).Where(view => view.Kind == LimitKind.Budget).Select(view => view.Used).DefaultIfEmpty().Max();
    }
}
