using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Configuration.Governance;

/// <summary>The <c>governance</c> section, read: what it would have there be.</summary>
public sealed class GovernanceFile
{
    private readonly IReadOnlyList<GovernanceEntry> _entries;

    internal GovernanceFile(IReadOnlyList<GovernanceEntry> entries) => _entries = entries;

    public static GovernanceFile Empty { get; } = new([]);

    /// <summary>How many objects it has.</summary>
    public int Count => _entries.Count;

    /// <summary>
    /// The edits that bring what is there in line with the file. What the file has not changed since it was last taken from there is left as it is, edits
    /// made while running included; what it did change is set as the file has it, and keeps its age, its counters and the value of a virtual key for
    /// which the file has none; what only the registry has stays.
    /// </summary>
    /// <param name="now">What is there.</param>
    /// <param name="fileHashOf">Kind and id → <see cref="Edit.FileHash"/> of what is there, or null.</param>
    /// <param name="keyIdOf">Provider and name of a provider's key → its id, or null when there is no such key.</param>
    /// <param name="time">The time.</param>
    public GovernanceSeed Edits(
        GovernanceSnapshot now,
        Func<string, string, string?> fileHashOf,
        Func<string, string, string?> keyIdOf,
        DateTimeOffset time
    )
    {
        var edits = new List<Edit>();
        var values = new List<NewVirtualKey>();
        var findings = new Findings();
        foreach (var entry in _entries)
        {
            if (fileHashOf(entry.Kind, entry.Value.Id) == entry.Hash)
            {
                continue;
            }

            var value = entry.KeyNames.Count == 0 ? entry.Value : Resolved(entry, (VirtualKey)entry.Value, keyIdOf, findings);
            value = Continuation.Of(value, Continuation.Find(now, value), time);
            if (value is VirtualKey { ValueHash: "" } key)
            {
                var fresh = VirtualKeyValue.New();
                values.Add(new NewVirtualKey(key.Id, key.Name, fresh));
                value = key with { ValueHash = fresh.Hash, ValuePreview = fresh.Preview };
            }

            edits.Add(new Edit(entry.Kind, value.Id, value) { FileHash = entry.Hash, Path = entry.Path });
        }

        return new GovernanceSeed(edits, values, findings.Mistakes);
    }

    /// <summary>The same mistakes, each at the place where the file says it: a limit may stand apart from what it limits.</summary>
    public IReadOnlyList<Mistake> Located(IReadOnlyList<Mistake> mistakes) =>
        [
            .. mistakes.Select(mistake =>
            {
                foreach (var (prefix, place) in _entries.SelectMany(e => e.Places.Select(p => (Prefix: $"{e.Path}.{p.Key}", p.Value))))
                {
                    if (mistake.Path == prefix || mistake.Path.StartsWith(prefix + ".", StringComparison.Ordinal))
                    {
                        return mistake with { Path = place + mistake.Path[prefix.Length..] };
                    }
                }

                return mistake;
            }),
        ];

    private static VirtualKey Resolved(GovernanceEntry entry, VirtualKey key, Func<string, string, string?> keyIdOf, Findings findings)
    {
        var providers = key.ProviderConfigs!.ToArray();
        foreach (var (index, names) in entry.KeyNames)
        {
            var ids = new List<string>();
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i] == "*" || keyIdOf(providers[index].Provider, names[i]) is not null)
                {
                    ids.Add(names[i] == "*" ? "*" : keyIdOf(providers[index].Provider, names[i])!);
                }
                else
                {
                    findings.Mistake(
                        $"{entry.Path}.provider_configs[{index}].allowed_keys[{i}]",
                        $"`{providers[index].Provider}` has no key named {JsonPath.Quoted(names[i])}."
                    );
                }
            }

            providers[index] = providers[index] with { KeyIds = [.. (providers[index].KeyIds ?? []).Union(ids)] };
        }

        return key with
        {
            ProviderConfigs = providers,
        };
    }
}

/// <summary>What the file asks of the registry at a start.</summary>
/// <param name="Edits">In an order in which each finds what it refers to.</param>
/// <param name="NewKeys">Virtual keys that the file gives no value: show each value to the operator once, when the edits are through.</param>
/// <param name="Mistakes">With one, the edits must not be made.</param>
public sealed record GovernanceSeed(IReadOnlyList<Edit> Edits, IReadOnlyList<NewVirtualKey> NewKeys, IReadOnlyList<Mistake> Mistakes);

/// <param name="Id">Of the virtual key.</param>
/// <param name="Name">Of the virtual key.</param>
/// <param name="Value">To be shown once.</param>
public sealed record NewVirtualKey(string Id, string Name, VirtualKeyValue Value);

/// <summary>One object of the file.</summary>
/// <param name="Kind">One of <see cref="Bifrost.Governance.Stores.ObjectKinds"/>.</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Hash">Of what the file says of it.</param>
/// <param name="Value">Without anchors and times; a virtual key without a value has an empty hash.</param>
/// <param name="Places">See <see cref="OwnedLimits"/>.</param>
internal sealed record GovernanceEntry(
    string Kind,
    string Path,
    string Hash,
    GovernanceObject Value,
    IReadOnlyList<KeyValuePair<string, string>> Places
)
{
    /// <summary>Index of a provider config → names of provider keys that it allows.</summary>
    public IReadOnlyList<(int Index, IReadOnlyList<string> Names)> KeyNames { get; init; } = [];
}
