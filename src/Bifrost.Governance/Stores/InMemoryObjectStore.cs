namespace Bifrost.Governance.Stores;

/// <summary>For a gateway without a database: what is edited lives as long as the process.</summary>
public sealed class InMemoryObjectStore : IObjectStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string Id), StoredObject> _objects = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<StoredObject>>([.. _objects.Values]);
        }
    }

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_gate)
        {
            foreach (var change in changes)
            {
                var key = (change.Object.Kind, change.Object.Id);
                if (change.Delete)
                {
                    _objects.Remove(key);
                }
                else
                {
                    _objects[key] = change.Object;
                }
            }
        }

        return Task.CompletedTask;
    }
}
