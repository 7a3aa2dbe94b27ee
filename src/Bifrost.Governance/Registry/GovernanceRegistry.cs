using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Registry;

/// <summary>All that governs callers, in memory, and the one way to change it. Reading never waits; changes are made one after the other, whole or not
/// at all. Thread-safe.</summary>
public sealed partial class GovernanceRegistry : ICallers, IDisposable
{
    private readonly IObjectStore _store;
    private readonly TimeProvider _clock;
    private readonly Till _till;
    private readonly OwnedLimits _limits;
    private readonly ChainMaking _chains;
    private readonly ObjectLists _lists;
    private readonly OwnerBook _book = new();
    private readonly Dictionary<ObjectRef, string> _fileHashes = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private RegistryState _state;

    // Made for the first edit; until then nobody asks, and it is a tenth of everything.
    private ObjectIndex? _index;

    private GovernanceRegistry(IObjectStore store, Till till, TimeProvider clock)
    {
        _store = store;
        _clock = clock;
        _till = till;
        _limits = new OwnedLimits(till, _book);
        _chains = new ChainMaking(_limits, till);
        _lists = new ObjectLists(clock, Spent);
        _state = RegistryState.Of(GovernanceSnapshot.Empty, null, _limits);
    }

    public GovernanceSnapshot Now => Volatile.Read(ref _state).Snapshot;

    /// <summary>Raised by every change.</summary>
    public long Version => Volatile.Read(ref _state).Version;

    /// <summary>What was odd in the documents found at the start, for the log.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Called, one call at a time, with what an edit moved from one period of a counter to another: written down in the ledger, it is there after a
    /// restart. Set it before the first edit.</summary>
    public Action<IReadOnlyList<MeterCharge>>? Carried { get; set; }

    /// <summary>Reads every document of a governance kind and opens the counters. Throws <see cref="InvalidDataException"/> when one cannot be read.</summary>
    public static async Task<GovernanceRegistry> OpenAsync(IObjectStore store, Till till, TimeProvider clock, CancellationToken cancel)
    {
        var registry = new GovernanceRegistry(store, till, clock);
        await registry.LoadAsync(cancel);
        return registry;
    }

    /// <summary>Makes all changes, or none and says every mistake. Kept by the store when this returns without a mistake, and in force for every new
    /// exchange. What the store throws is thrown on, and then nothing has changed.</summary>
    public Task<IReadOnlyList<Mistake>> ApplyAsync(IReadOnlyList<Edit> edits, CancellationToken cancel) => ApplyAsync(_ => edits, cancel);

    /// <summary>As the other, with the edits made from how things stand once every earlier change is through: nobody's change in between is lost.</summary>
    public async Task<IReadOnlyList<Mistake>> ApplyAsync(Func<GovernanceSnapshot, IReadOnlyList<Edit>> edits, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            var draft = Draft.Of(Now, _index ??= ObjectIndex.Of(Now), _limits, edits(Now), _clock.GetUtcNow());
            if (draft.Mistakes.Count > 0 || draft.Changes.Count == 0)
            {
                return draft.Mistakes;
            }

            await _store.SaveAsync(Documents(draft.Changes), cancel);
            Publish(draft.Changes);
            return [];
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>What <see cref="Edit.FileHash"/> was when it was last given for this object, or null.</summary>
    public string? FileHashOf(string kind, string id)
    {
        lock (_fileHashes)
        {
            return _fileHashes.GetValueOrDefault(new ObjectRef(kind, id));
        }
    }

    /// <inheritdoc/>
    public Caller? Find(string virtualKey, DateTimeOffset now) => KeyHash.Of(virtualKey) is { } hash ? _limits.Find(hash, now) : null;

    /// <summary>Gives new values to virtual keys, all or none. <see cref="Rotation.Rotate"/> says what the grace is.</summary>
    public async Task<(IReadOnlyList<Rotated> Rotated, IReadOnlyList<Mistake> Mistakes)> RotateAsync(
        IReadOnlyList<string> ids,
        TimeSpan grace,
        CancellationToken cancel
    )
    {
        var values = new Dictionary<string, VirtualKeyValue>();
        var mistakes = await ApplyAsync(
            now =>
            {
                var edits = new List<Edit>(ids.Count);
                foreach (var id in ids)
                {
                    var key = now.VirtualKeys.GetValueOrDefault(id);
                    var value = values[id] = VirtualKeyValue.New();
                    // One that is not there is an edit that removes nothing, and so a mistake.
                    edits.Add(
                        new Edit(ObjectKinds.VirtualKey, id, key is null ? null : Rotation.Rotate(key, value, grace, _clock.GetUtcNow()))
                    );
                }

                return edits;
            },
            cancel
        );
        if (mistakes.Count > 0)
        {
            return ([], mistakes);
        }

        var after = Now.VirtualKeys;
        return ([.. from id in ids where after.ContainsKey(id) select new Rotated(after[id], values[id])], []);
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private async Task LoadAsync(CancellationToken cancel)
    {
        var reader = new DocumentReader();
        var changes = new List<Change>();
        await ReadAhead.RunAsync<StoredObject>(
            (see, stop) => _store.ReadAsync(ObjectKinds.Governing, see, stop),
            document =>
            {
                var value = reader.Read(document);
                changes.Add(
                    new Change
                    {
                        Ref = new ObjectRef(document.Kind, value.Id),
                        Old = null,
                        New = value,
                        FileHash = document.FileHash,
                    }
                );
            },
            cancel
        );
        Warnings = [.. reader.Warnings];
        _limits.Expect(changes.Count);
        Publish(changes, atStart: true);
    }

    /// <summary>Never half done: nothing here can fail, since everything was checked.</summary>
    private void Publish(IReadOnlyList<Change> changes, bool atStart = false)
    {
        foreach (var change in changes)
        {
            if (change.Old is { } old)
            {
                _index?.Remove(old);
                _limits.Retire(old);
            }
        }

        foreach (var change in changes)
        {
            if (change.New is { } value)
            {
                _index?.Add(value);
                _limits.Put(value, asleep: atStart);
            }
            else
            {
                _limits.Remove(change.Old!);
            }

            Remember(change);
        }

        var (before, after) = (_state, RegistryState.Of(Now.With(changes), _state, _limits));
        _lists.Follow(before.Snapshot, after.Snapshot, changes);
        Volatile.Write(ref _state, after);
        _book.Now = after;
        _limits.CloseOld();
        if (_limits.TakeCarried() is { Count: > 0 } carried)
        {
            Carried?.Invoke(carried);
        }
    }

    private void Remember(Change change)
    {
        lock (_fileHashes)
        {
            if (change.New is null)
            {
                _fileHashes.Remove(change.Ref);
            }
            else if (change.FileHash is { } hash)
            {
                _fileHashes[change.Ref] = hash;
            }
        }
    }

    private List<ObjectChange> Documents(IReadOnlyList<Change> changes)
    {
        using var writer = new DocumentWriter();
        var documents = new List<ObjectChange>(changes.Count);
        foreach (var change in changes)
        {
            var (kind, id) = change.Ref;
            documents.Add(
                change.New is { } value
                    ? new ObjectChange(new StoredObject(kind, id, writer.Write(value), change.FileHash ?? FileHashOf(kind, id)))
                    : new ObjectChange(new StoredObject(kind, id, ReadOnlyMemory<byte>.Empty, null), Delete: true)
            );
        }

        return documents;
    }
}
