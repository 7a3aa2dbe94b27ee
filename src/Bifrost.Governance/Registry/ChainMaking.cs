using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Governance.Registry;

/// <summary>Finds the limits that bind a call.</summary>
internal sealed class ChainMaking(OwnedLimits limits, Till till)
{
    private ChainCache _anonymous;

    public LimitChain Of(RegistryState state, VirtualKeyCaller? caller, string provider, string asked, string sent)
    {
        ref var cache = ref caller is null ? ref _anonymous : ref caller.Chains;
        if (cache.Find(state.Version, provider, asked, sent) is { } kept)
        {
            return kept;
        }

        var (owners, customers) = OwnersOf(state.Snapshot, caller?.Key);
        var sets = new List<LimitSet>();
        Add(sets, limits.Of(ObjectKinds.ProviderLimit, provider.ToLowerInvariant()));
        state.ModelLimits.AddTo(sets, provider, asked, sent, owners.UserId);
        Add(sets, limits.Of(ObjectKinds.User, owners.UserId));
        Add(sets, caller?.ConfigLimitsAt(provider));
        AddOwners(sets, caller, owners, customers);
        var chain = new LimitChain([.. sets], owners);
        cache.Keep(state.Version, provider, asked, sent, chain);
        return chain;
    }

    /// <summary>Adds the limits on what the caller names in headers. A fault: there are more values than can be counted, or one is too long.</summary>
    public Outcome<LimitChain> WithDimensions(RegistryState state, LimitChain chain, IHeaderDictionary headers)
    {
        List<LimitSet>? parts = null;
        List<string>? words = null;
        foreach (var limit in state.Dimensions)
        {
            if (limit.VirtualKeyId is { } only && only != chain.Owners.VirtualKeyId)
            {
                continue;
            }

            var value = headers.TryGetValue(limit.Header, out var given) ? given.ToString().Trim() : "";
            if (value.Length == 0 || (limit.Value is not null && limit.Value != value))
            {
                continue;
            }

            if (till.OpenPart(limit, value).Failed(out var fault, out var set))
            {
                return fault;
            }

            (parts ??= []).Add(set);
            (words ??= []).Add($"{limit.Name}={value.Replace(",", "%2C", StringComparison.Ordinal)}");
        }

        return parts is null ? chain : chain.With(parts, string.Join(',', words!));
    }

    /// <summary>Everything that may bind a call of this key, whatever it calls.</summary>
    public IReadOnlyList<LimitSet> Possible(RegistryState state, VirtualKeyCaller caller)
    {
        var (owners, customers) = OwnersOf(state.Snapshot, caller.Key);
        var sets = new List<LimitSet>();
        foreach (var limit in state.Snapshot.ProviderLimits.Values)
        {
            if (caller.AccessTo(limit.Id) is not null)
            {
                Add(sets, limits.Of(ObjectKinds.ProviderLimit, limit.Id));
            }
        }

        sets.AddRange(state.ModelLimits.Possible(owners.UserId, provider => caller.AccessTo(provider) is not null));
        Add(sets, limits.Of(ObjectKinds.User, owners.UserId));
        foreach (var set in caller.ConfigLimits ?? [])
        {
            Add(sets, set);
        }

        AddOwners(sets, caller, owners, customers);
        return sets;
    }

    private void AddOwners(List<LimitSet> sets, VirtualKeyCaller? caller, LimitOwners owners, IReadOnlyList<string> customers)
    {
        Add(sets, caller?.Limits);
        Add(sets, limits.Of(ObjectKinds.Team, owners.TeamId));
        Add(sets, limits.Of(ObjectKinds.BusinessUnit, owners.BusinessUnitId));
        foreach (var customer in customers)
        {
            Add(sets, limits.Of(ObjectKinds.Customer, customer));
        }
    }

    /// <summary>Whose call it is. Every customer above it pays, each once; the nearest is the one on record.</summary>
    internal static (LimitOwners Owners, IReadOnlyList<string> Customers) OwnersOf(GovernanceSnapshot now, VirtualKey? key)
    {
        if (key is null)
        {
            return (LimitOwners.Nobody, []);
        }

        var team = key.TeamId is null ? null : now.Teams.GetValueOrDefault(key.TeamId);
        var unit = team?.BusinessUnitId is null ? null : now.BusinessUnits.GetValueOrDefault(team.BusinessUnitId);
        var customers = new List<string>();
        foreach (var id in new[] { key.CustomerId, team?.CustomerId, unit?.CustomerId })
        {
            if (id is not null && now.Customers.ContainsKey(id) && !customers.Contains(id))
            {
                customers.Add(id);
            }
        }

        var owners = new LimitOwners
        {
            VirtualKeyId = key.Id,
            TeamId = team?.Id,
            BusinessUnitId = unit?.Id,
            CustomerId = customers.FirstOrDefault(),
            UserId = key.UserId is not null && now.Users.ContainsKey(key.UserId) ? key.UserId : null,
        };
        return (owners, customers);
    }

    private static void Add(List<LimitSet> sets, LimitSet? set)
    {
        if (set is { IsEmpty: false })
        {
            sets.Add(set);
        }
    }
}
