using Bifrost.Governance.Stores;

namespace Bifrost.Server.Start;

/// <summary>Everything that is kept, read once for all who open at a start: settings, governance, sessions.</summary>
internal sealed class ReadOnce(IObjectStore store) : IObjectStore
{
    private Task<IReadOnlyList<StoredObject>>? _read;

    /// <summary>From the first save on it is read anew.</summary>
    public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel) => _read ??= store.LoadAsync(cancel);

    public Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel)
    {
        _read = null;
        return store.SaveAsync(changes, cancel);
    }

    /// <summary>What was read may go.</summary>
    public void Forget() => _read = null;
}
