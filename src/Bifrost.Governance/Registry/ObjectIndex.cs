using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Registry;

/// <summary>What the one writer looks up so that a small edit stays small however many objects there are. Guarded by the registry's lock.</summary>
internal sealed class ObjectIndex
{
    private readonly Dictionary<string, Dictionary<string, string>> _names = [];
    private readonly HashSet<string> _limits = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectRef, HashSet<ObjectRef>> _referrers = [];

    /// <summary>The id of the object of this kind with this name, or null.</summary>
    public string? Named(string kind, string name) => _names.TryGetValue(kind, out var names) ? names.GetValueOrDefault(name) : null;

    /// <summary>Whether a budget or rate limit somewhere has this id.</summary>
    public bool HasLimit(string id) => _limits.Contains(id);

    /// <summary>The objects that refer to this one.</summary>
    public IReadOnlyCollection<ObjectRef> ReferrersOf(ObjectRef named) => _referrers.TryGetValue(named, out var all) ? all : [];

    /// <summary>Of everything there is.</summary>
    public static ObjectIndex Of(GovernanceSnapshot now)
    {
        var index = new ObjectIndex();
        index.NamesOf(ObjectKinds.VirtualKey).EnsureCapacity(now.VirtualKeys.Count);
        index._limits.EnsureCapacity(now.VirtualKeys.Count);
        foreach (var value in now.All())
        {
            index.Add(value);
        }

        return index;
    }

    public void Add(GovernanceObject value)
    {
        var self = ObjectRef.Of(value);
        if (ObjectParts.Name(value) is { } name)
        {
            NamesOf(self.Kind)[name] = value.Id;
        }

        ObjectParts.LimitIds(value, _limits, static (limits, _, id) => limits.Add(id));
        ObjectParts.References(value, (_referrers, self), static (state, _, named) => Refer(state._referrers, named, state.self));
    }

    public void Remove(GovernanceObject value)
    {
        var self = ObjectRef.Of(value);
        if (ObjectParts.Name(value) is { } name)
        {
            NamesOf(self.Kind).Remove(name);
        }

        ObjectParts.LimitIds(value, _limits, static (limits, _, id) => limits.Remove(id));
        ObjectParts.References(value, (_referrers, self), static (state, _, named) => Unrefer(state._referrers, named, state.self));
    }

    private static void Refer(Dictionary<ObjectRef, HashSet<ObjectRef>> referrers, ObjectRef named, ObjectRef self)
    {
        if (!referrers.TryGetValue(named, out var all))
        {
            referrers[named] = all = [];
        }

        all.Add(self);
    }

    private static void Unrefer(Dictionary<ObjectRef, HashSet<ObjectRef>> referrers, ObjectRef named, ObjectRef self)
    {
        if (referrers.TryGetValue(named, out var all) && all.Remove(self) && all.Count == 0)
        {
            referrers.Remove(named);
        }
    }

    private Dictionary<string, string> NamesOf(string kind)
    {
        if (!_names.TryGetValue(kind, out var names))
        {
            _names[kind] = names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        }

        return names;
    }
}
