using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Finds the limits on a model. Immutable.</summary>
internal sealed class ModelLimitIndex
{
    /// <summary>The name of a limit on every model.</summary>
    private const string Every = "*";

    private readonly Dictionary<string, List<Entry>> _byBaseName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<Entry>>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public ModelLimitIndex(IEnumerable<(ModelLimit Limit, LimitSet Set)> limits)
    {
        _lookup = _byBaseName.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (limit, set) in limits)
        {
            var name = BaseName.Of(limit.ModelName);
            if (!_lookup.TryGetValue(name, out var entries))
            {
                _lookup[name] = entries = [];
            }

            entries.Add(new Entry(limit, set));
        }
    }

    /// <summary>Adds what binds this call: a limit at one provider only under the model's very name, a limit at all of them under any maker's prefix.
    /// A limit at one provider comes before a limit at all.</summary>
    /// <param name="sets">Where to.</param>
    /// <param name="provider">The target's.</param>
    /// <param name="asked">As asked, with or without the provider's prefix.</param>
    /// <param name="sent">As sent.</param>
    /// <param name="userId">The caller's, or null.</param>
    public void AddTo(List<LimitSet> sets, string provider, string asked, string sent, string? userId)
    {
        if (_byBaseName.Count == 0 || (asked.Length == 0 && sent.Length == 0))
        {
            return;
        }

        var query = new Query(provider, asked, sent, userId);
        Add(sets, query, true);
        Add(sets, query, false);
    }

    /// <summary>Every limit on models that may bind calls of this user at these providers.</summary>
    public IEnumerable<LimitSet> Possible(string? userId, Func<string, bool> isOpen) =>
        _byBaseName
            .Values.SelectMany(entries => entries)
            .Where(entry => entry.Limit.UserId is null || entry.Limit.UserId == userId)
            .Where(entry => entry.Limit.Provider is null || isOpen(entry.Limit.Provider))
            .Select(entry => entry.Set);

    private void Add(List<LimitSet> sets, in Query query, bool atProvider)
    {
        var asked = BaseName.Of(query.Asked);
        var sent = BaseName.Of(query.Sent);
        Add(sets, query, atProvider, asked);
        if (!asked.Equals(sent, StringComparison.OrdinalIgnoreCase))
        {
            Add(sets, query, atProvider, sent);
        }

        Add(sets, query, atProvider, Every);
    }

    private void Add(List<LimitSet> sets, in Query query, bool atProvider, ReadOnlySpan<char> name)
    {
        if (!_lookup.TryGetValue(name, out var entries))
        {
            return;
        }

        foreach (var entry in entries)
        {
            var limit = entry.Limit;
            if ((limit.Provider is not null) == atProvider && (limit.UserId is null || limit.UserId == query.UserId) && Binds(limit, query))
            {
                sets.Add(entry.Set);
            }
        }
    }

    private static bool Binds(ModelLimit limit, in Query query)
    {
        if (limit.Provider is null)
        {
            return true;
        }

        if (!Same(limit.Provider, query.Provider))
        {
            return false;
        }

        var name = WithoutPrefix(limit.ModelName, query.Provider);
        return name is Every || Same(name, WithoutPrefix(query.Asked, query.Provider)) || Same(name, query.Sent);
    }

    private static bool Same(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> WithoutPrefix(string model, string provider) =>
        model.Length > provider.Length + 1
        && model[provider.Length] == '/'
        && model.StartsWith(provider, StringComparison.OrdinalIgnoreCase)
            ? model.AsSpan(provider.Length + 1)
            : model;

    private readonly record struct Query(string Provider, string Asked, string Sent, string? UserId);

    private sealed record Entry(ModelLimit Limit, LimitSet Set);
}
