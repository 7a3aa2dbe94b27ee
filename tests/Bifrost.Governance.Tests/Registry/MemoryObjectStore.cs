using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Tests.Registry;

/// <summary>Keeps documents as a database does, and fails when told to.</summary>
internal sealed class MemoryObjectStore : IObjectStore
{
    private readonly Dictionary<(string Kind, string Id), StoredObject> _objects = [];

    public bool IsBroken { get; set; }

    public int Saves { get; private set; }

    public IReadOnlyCollection<StoredObject> Objects => _objects.Values;

    public StoredObject? Find(string kind, string id) => _objects.GetValueOrDefault((kind, id));

    public void Put(StoredObject stored) => _objects[(stored.Kind, stored.Id)] = stored;

    public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<StoredObject>>([.. _objects.Values]);

    public async Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel)
    {
        await Task.Yield();
        if (IsBroken)
        {
            throw new IOException("The disk is full.");
        }

        Saves++;
        foreach (var change in changes)
        {
            if (change.Delete)
            {
                _objects.Remove((change.Object.Kind, change.Object.Id));
            }
            else
            {
                Put(change.Object);
            }
        }
    }
}
