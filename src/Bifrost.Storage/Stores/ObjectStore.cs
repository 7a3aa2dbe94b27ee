using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Schema;

namespace Bifrost.Storage.Stores;

internal sealed class ObjectStore(Database database, TimeProvider clock) : IObjectStore
{
    public async Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel) =>
        await database.ReadAsync(session => session.QueryAsync(ObjectSql.Load, ObjectSql.Read), cancel);

    public Task ReadAsync(IReadOnlyCollection<string> kinds, Action<StoredObject> see, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                foreach (var kind in kinds)
                {
                    await session.EachAsync(ObjectSql.LoadKind, reader => see(ObjectSql.Read(kind, reader)), ("@kind", kind));
                }

                return true;
            },
            cancel
        );

    public async Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel)
    {
        if (changes.Count == 0)
        {
            return;
        }

        // In order means: of several changes to one object, the last one holds.
        var last = new Dictionary<(string, string), ObjectChange>();
        foreach (var change in changes)
        {
            last[(change.Object.Kind, change.Object.Id)] = change;
        }

        var kept = last.Values.Where(change => !change.Delete).Select(change => change.Object).ToList();
        var gone = last.Values.Where(change => change.Delete).Select(change => change.Object).ToList();
        var now = Moments.Write(clock.GetUtcNow());
        await database.WriteAsync(
            async session =>
            {
                await database.DeleteObjectsAsync(session, gone);
                await database.PutObjectsAsync(session, kept, now);
                return true;
            },
            cancel
        );
        await database.FlushAsync(cancel);
    }
}
