using Bifrost.Governance.Stores;

namespace Bifrost.Configuration;

/// <summary>Keeps objects for as long as the process runs: for a gateway without a store.</summary>
public sealed class MemoryObjectStore : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Id), StoredObject> _objects = [];

    public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredObject>>([.. _objects.Values]);
        }
    }

    public Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel)
    {
        lock (_lock)
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
