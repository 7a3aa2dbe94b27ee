using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Registry;

/// <summary>The edits of one batch laid over what is there: completed, followed to whatever refers to what goes, and checked as a whole.</summary>
internal sealed class Draft(GovernanceSnapshot before, ObjectIndex index, OwnedLimits limits, DateTimeOffset now)
{
    private readonly Dictionary<ObjectRef, Change> _changes = [];
    private readonly List<Change> _order = [];
    private readonly List<Mistake> _mistakes = [];

    public IReadOnlyList<Mistake> Mistakes => _mistakes;

    /// <summary>In the order given, what follows from them at the end.</summary>
    public IReadOnlyList<Change> Changes => _order;

    public static Draft Of(GovernanceSnapshot before, ObjectIndex index, OwnedLimits limits, IReadOnlyList<Edit> edits, DateTimeOffset now)
    {
        var draft = new Draft(before, index, limits, now);
        draft._changes.EnsureCapacity(edits.Count);
        foreach (var edit in edits)
        {
            draft.Take(edit, edits.Count == 1);
        }

        draft.FollowDeletions();
        draft.Check();
        return draft;
    }

    private void Take(Edit edit, bool alone)
    {
        if (edit.Kind == ObjectKinds.ProviderLimit)
        {
            // Providers are told apart whatever their case, so there is one spelling for the limits on them.
            var id = edit.Id.ToLowerInvariant();
            edit = edit with
            {
                Id = id,
                Value =
                    edit.Value is ProviderLimit limit && limit.Id.Equals(id, StringComparison.OrdinalIgnoreCase)
                        ? limit with
                        {
                            Id = id,
                        }
                        : edit.Value,
            };
        }

        var at = new ObjectRef(edit.Kind, edit.Id);
        var path = edit.Path ?? (alone ? "" : $"{edit.Kind}.{edit.Id}");
        if (ObjectRef.Spoken(edit.Kind) is not { } spoken)
        {
            _mistakes.Add(new Mistake(path, $"\"{edit.Kind}\" is no kind of object that governs callers."));
            return;
        }

        var old = before.Find(edit.Kind, edit.Id);
        if (edit.Value is null && old is null)
        {
            _mistakes.Add(new Mistake(path, $"There is no {spoken} \"{edit.Id}\"."));
            return;
        }

        if (edit.Value is { } value && (ObjectRef.KindOf(value) != edit.Kind || value.Id != edit.Id))
        {
            _mistakes.Add(
                new Mistake(
                    path,
                    $"The {spoken} \"{edit.Id}\" cannot become the {ObjectRef.Spoken(ObjectRef.KindOf(value))} \"{value.Id}\": kind and id stay."
                )
            );
            return;
        }

        var change = new Change
        {
            Ref = at,
            Old = old,
            New = edit.Value is null ? null : Completion.Of(edit.Value, old, now),
            FileHash = edit.FileHash,
            Path = path,
        };
        if (!_changes.TryAdd(at, change))
        {
            _mistakes.Add(new Mistake(path, $"The {spoken} \"{edit.Id}\" is changed twice at once."));
            return;
        }

        _order.Add(change);
    }

    private void FollowDeletions()
    {
        // Grows while it is walked: what goes may take along what goes in turn.
        for (var i = 0; i < _order.Count; i++)
        {
            if (_order[i] is not { New: null, Ref: var gone })
            {
                continue;
            }

            foreach (var referrer in index.ReferrersOf(gone))
            {
                Loosen(referrer, gone, _order[i].Path);
            }
        }
    }

    private void Loosen(ObjectRef referrer, ObjectRef gone, string path)
    {
        if (!_changes.TryGetValue(referrer, out var change))
        {
            var value = before.Find(referrer.Kind, referrer.Id)!;
            change = new Change
            {
                Ref = referrer,
                Old = value,
                New = Touched(ObjectParts.Without(value, gone)),
                Path = path,
                Followed = true,
            };
            _order.Add(change);
            _changes[referrer] = change;
            return;
        }

        // An edit of the same batch that still names what goes is a mistake, and found as one; what followed from another deletion is not.
        if (change is { Followed: true, New: { } kept })
        {
            change.New = ObjectParts.Without(kept, gone);
        }
    }

    private GovernanceObject? Touched(GovernanceObject? value) => value is null ? null : value with { UpdatedAt = now };

    private void Check()
    {
        var claims = new Claims();
        foreach (var change in _order)
        {
            if (change.Old is { } old)
            {
                ObjectParts.LimitIds(old, claims.Freed, static (freed, _, id) => freed.Add(id));
            }
        }

        foreach (var change in _order)
        {
            if (change is not { New: { } value, Followed: false })
            {
                continue;
            }

            ObjectRules.Check(value, change, _mistakes);
            CheckName(value, change, claims);
            CheckLimitIds(value, change, claims);
            CheckReferences(value, change);
            if (value is VirtualKey key)
            {
                CheckHash(key.ValueHash, "value", change, claims);
                CheckHash(key.PreviousValueHash, "previous_value", change, claims);
            }
        }
    }

    private void CheckName(GovernanceObject value, Change change, Claims claims)
    {
        if (ObjectParts.Name(value) is not { } name)
        {
            return;
        }

        var taken = !claims.Names.TryAdd((change.Ref.Kind, name.ToUpperInvariant()), value.Id);
        var owner = index.Named(change.Ref.Kind, name);
        if (!taken && (owner is null || owner == value.Id || _changes.ContainsKey(new ObjectRef(change.Ref.Kind, owner))))
        {
            return;
        }

        _mistakes.Add(
            value is ModelLimit
                ? new Mistake(change.At("model_name"), "There is a limit for this model, provider and user already; change that one.")
                : new Mistake(
                    change.At("name"),
                    $"Another {ObjectRef.Spoken(change.Ref.Kind)} is called \"{name}\"; names are unique, whatever their case."
                )
        );
    }

    private void CheckLimitIds(GovernanceObject value, Change change, Claims claims) =>
        ObjectParts.LimitIds(
            value,
            (this, change, claims),
            static (state, member, id) =>
            {
                var (draft, change, claims) = state;
                if (!claims.Limits.Add(id) || (draft.HasLimit(id) && !claims.Freed.Contains(id)))
                {
                    draft._mistakes.Add(
                        new Mistake(
                            change.At(member),
                            $"\"{id}\" is the id of another budget or rate limit; ids are unique over all of them."
                        )
                    );
                }
            }
        );

    private bool HasLimit(string id) => index.HasLimit(id);

    private void CheckReferences(GovernanceObject value, Change change) =>
        ObjectParts.References(
            value,
            (this, change),
            static (state, member, named) =>
            {
                var (draft, change) = state;
                if (!draft.Exists(named))
                {
                    draft._mistakes.Add(new Mistake(change.At(member), $"There is no {ObjectRef.Spoken(named.Kind)} \"{named.Id}\"."));
                }
            }
        );

    private bool Exists(ObjectRef named) =>
        _changes.TryGetValue(named, out var change) ? change.New is not null : before.Find(named.Kind, named.Id) is not null;

    private void CheckHash(string? hex, string member, Change change, Claims claims)
    {
        if (KeyHash.Parse(hex) is not { } hash)
        {
            return;
        }

        var owner = limits.HolderOf(hash);
        if (
            !claims.Hashes.Add(hash)
            || (owner is not null && owner != change.Ref.Id && !_changes.ContainsKey(new ObjectRef(ObjectKinds.VirtualKey, owner)))
        )
        {
            _mistakes.Add(
                new Mistake(change.At(member), "Another virtual key has this value, or had it until its rotation; values are unique.")
            );
        }
    }

    /// <summary>What the batch itself takes and gives back.</summary>
    private sealed class Claims
    {
        public Dictionary<(string Kind, string Name), string> Names { get; } = [];

        public HashSet<string> Limits { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Freed { get; } = new(StringComparer.Ordinal);

        public HashSet<KeyHash> Hashes { get; } = [];
    }
}
