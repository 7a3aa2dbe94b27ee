using System.Collections.Concurrent;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Registry;

/// <summary>The counters of everything with limits, and the callers. Read by any thread; changed by the one writer, first what is new, then (when the
/// snapshot is published) what is old.</summary>
internal sealed class OwnedLimits(Till till, OwnerBook book)
{
    private readonly ConcurrentDictionary<ObjectRef, LimitSet> _sets = new();
    private ConcurrentDictionary<KeyHash, Shown> _callers = new();
    private readonly List<LimitSet> _old = [];
    private readonly List<VirtualKeyCaller> _oldCallers = [];

    /// <summary>What edits carried from one period to another since <see cref="TakeCarried"/>.</summary>
    private List<MeterCharge> _carried = [];

    public OwnerBook Book => book;

    /// <summary>Held while the counters of a virtual key are opened.</summary>
    public Lock Opening { get; } = new();

    public LimitSet? Of(string kind, string? id) => id is null ? null : _sets.GetValueOrDefault(new ObjectRef(kind, id));

    public VirtualKeyCaller? CallerOf(VirtualKey key) =>
        key.Hash is { } hash && _callers.TryGetValue(hash, out var shown) ? shown.Caller : null;

    /// <summary>The id of the virtual key with this value, now or before its rotation; or null.</summary>
    public string? HolderOf(KeyHash hash) => _callers.TryGetValue(hash, out var shown) ? shown.Caller.Id : null;

    public VirtualKeyCaller? Find(KeyHash hash, DateTimeOffset now) =>
        _callers.TryGetValue(hash, out var shown) && now.UtcTicks < shown.UntilTicks ? shown.Caller : null;

    /// <summary>Makes room for callers. Only while there are none.</summary>
    public void Expect(int callers) => _callers = new(concurrencyLevel: 1, callers);

    /// <summary>Notes what an object has, to be closed by <see cref="CloseOld"/>. For every object that changes, before the first <see cref="Put"/>. Counters
    /// that sleep wake up here: what they counted goes over to whatever comes in their place, and nobody opens them again as they were.</summary>
    public void Retire(GovernanceObject old)
    {
        if (old is not VirtualKey key)
        {
            Retire(_sets.GetValueOrDefault(ObjectRef.Of(old)));
            return;
        }

        if (CallerOf(key) is { } caller)
        {
            _oldCallers.Add(caller);
            Retire(caller.Limits);
            foreach (var set in caller.ConfigLimits ?? [])
            {
                Retire(set);
            }
        }
    }

    /// <param name="now">As it is from now on.</param>
    /// <param name="asleep">The counters of a virtual key are opened when it is first used: most keys of a large installation sleep. Only for what was
    /// found at the start, where nothing can go over from other counters.</param>
    public void Put(GovernanceObject now, bool asleep = false)
    {
        if (now is VirtualKey key)
        {
            var caller = new VirtualKeyCaller(key, this);
            if (!asleep)
            {
                caller.Open(_carried);
            }

            Show(key.Hash, caller, long.MaxValue);
            Show(KeyHash.Parse(key.PreviousValueHash), caller, key.PreviousValueUntil?.UtcTicks ?? 0);
        }
        else if (now is LimitedObject limited && Open(limited) is { } set)
        {
            _sets[ObjectRef.Of(now)] = set;
        }
        else
        {
            _sets.TryRemove(ObjectRef.Of(now), out _);
        }
    }

    public void Remove(GovernanceObject old)
    {
        _sets.TryRemove(ObjectRef.Of(old), out _);
        if (old is DimensionLimit)
        {
            till.CloseParts(old.Id);
        }
    }

    /// <summary>Closes what is no longer needed, once nobody is led to it any more. A value that no key took over finds nobody from now on.</summary>
    public void CloseOld()
    {
        foreach (var caller in _oldCallers)
        {
            Hide(caller.Key.Hash, caller);
            Hide(KeyHash.Parse(caller.Key.PreviousValueHash), caller);
        }

        foreach (var set in _old)
        {
            till.Close(set);
        }

        _oldCallers.Clear();
        _old.Clear();
    }

    public IReadOnlyList<MeterCharge> TakeCarried()
    {
        var carried = _carried;
        if (carried.Count > 0)
        {
            _carried = [];
        }

        return carried;
    }

    /// <summary>The counters of a virtual key, opened anew.</summary>
    public KeyLimits Open(VirtualKey key, ICollection<MeterCharge>? carried)
    {
        var own = Open(LimitLevel.VirtualKey, key.Name, key.Budgets, key.RateLimit, carried);
        var ofConfigs = OpenConfigs(key, carried);
        return own is null && ofConfigs is null ? KeyLimits.None : new KeyLimits(own, ofConfigs);
    }

    private LimitSet?[]? OpenConfigs(VirtualKey key, ICollection<MeterCharge>? carried)
    {
        if (key.ProviderConfigs is not { } configs)
        {
            return null;
        }

        LimitSet?[]? sets = null;
        for (var i = 0; i < configs.Count; i++)
        {
            if (Open(LimitLevel.VirtualKeyProvider, configs[i].Provider, configs[i].Budgets, configs[i].RateLimit, carried) is { } set)
            {
                (sets ??= new LimitSet?[configs.Count])[i] = set;
            }
        }

        return sets;
    }

    private LimitSet? Open(LimitedObject limited) =>
        limited switch
        {
            ProviderLimit limit => Open(LimitLevel.Provider, limit.Id, limit.Budgets, limit.RateLimit, _carried),
            ModelLimit limit => Open(LimitLevel.Model, limit.ModelName, limit.Budgets, limit.RateLimit, _carried),
            User user => Open(LimitLevel.User, user.Name, user.Budgets, user.RateLimit, _carried),
            Team team => Open(LimitLevel.Team, team.Name, team.Budgets, team.RateLimit, _carried),
            BusinessUnit unit => Open(LimitLevel.BusinessUnit, unit.Name, unit.Budgets, unit.RateLimit, _carried),
            Customer customer => Open(LimitLevel.Customer, customer.Name, customer.Budgets, customer.RateLimit, _carried),
            _ => null,
        };

    private LimitSet? Open(
        LimitLevel level,
        string name,
        IReadOnlyList<Budget> budgets,
        RateLimit? rate,
        ICollection<MeterCharge>? carried
    ) => budgets.Count == 0 && rate is null ? null : till.Open(level, name, budgets, rate, carried);

    private void Retire(LimitSet? set)
    {
        if (set is not null)
        {
            _old.Add(set);
        }
    }

    private void Show(KeyHash? known, VirtualKeyCaller caller, long untilTicks)
    {
        if (known is { } hash)
        {
            _callers[hash] = new Shown(caller, untilTicks);
        }
    }

    private void Hide(KeyHash? known, VirtualKeyCaller old)
    {
        if (known is { } hash && _callers.TryGetValue(hash, out var shown) && ReferenceEquals(shown.Caller, old))
        {
            _callers.TryRemove(hash, out _);
        }
    }

    private readonly record struct Shown(VirtualKeyCaller Caller, long UntilTicks);
}

/// <param name="Own">Of the key itself; null without any.</param>
/// <param name="OfConfigs">Of each provider config, in order; null when none has any.</param>
internal sealed record KeyLimits(LimitSet? Own, LimitSet?[]? OfConfigs)
{
    public static KeyLimits None { get; } = new(null, null);
}
