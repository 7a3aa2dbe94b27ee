using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Registry;

/// <summary>All that governs callers, in memory, and the one way to change it. Reading never waits; changes are made one after the other, whole or not
/// at all. Thread-safe.</summary>
public sealed class GovernanceRegistry : ICallers
{
    private readonly IObjectStore _store;
    private readonly TimeProvider _clock;

    private GovernanceRegistry(IObjectStore store, TimeProvider clock)
    {
        _store = store;
        _clock = clock;
    }

    public GovernanceSnapshot Now { get; private set; } = GovernanceSnapshot.Empty;

    /// <summary>Raised by every change.</summary>
    public long Version { get; private set; }

    /// <summary>What was odd in the documents found at the start, for the log.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Reads every document of a governance kind. Throws <see cref="InvalidDataException"/> when one cannot be read.</summary>
    public static async Task<GovernanceRegistry> OpenAsync(IObjectStore store, TimeProvider clock, CancellationToken cancel)
    {
        await store.LoadAsync(cancel);
        return new GovernanceRegistry(store, clock);
    }

    /// <summary>Makes all changes, or none and says every mistake. Kept by the store when this returns without a mistake, and in force for every new
    /// exchange. What the store throws is thrown on, and then nothing has changed.</summary>
    public Task<IReadOnlyList<Mistake>> ApplyAsync(IReadOnlyList<Edit> edits, CancellationToken cancel) => ApplyAsync(_ => edits, cancel);

    /// <summary>As the other, with the edits made from how things stand once every earlier change is through: nobody's change in between is lost.</summary>
    public Task<IReadOnlyList<Mistake>> ApplyAsync(Func<GovernanceSnapshot, IReadOnlyList<Edit>> edits, CancellationToken cancel) =>
        throw new NotSupportedException();

    /// <summary>What <see cref="Edit.FileHash"/> was when it was last given for this object, or null.</summary>
    public string? FileHashOf(string kind, string id) => null;

    /// <inheritdoc/>
    public Caller? Find(string virtualKey, DateTimeOffset now) => null;

    /// <summary>Gives new values to virtual keys, all or none. <see cref="Rotation.Rotate"/> says what the grace is.</summary>
    public Task<(IReadOnlyList<Rotated> Rotated, IReadOnlyList<Mistake> Mistakes)> RotateAsync(
        IReadOnlyList<string> ids,
        TimeSpan grace,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    /// <summary>A page of one kind of object: <c>List&lt;VirtualKey&gt;(query)</c>.</summary>
    public Page<T> List<T>(ListQuery query)
        where T : GovernanceObject => throw new NotSupportedException();
}
