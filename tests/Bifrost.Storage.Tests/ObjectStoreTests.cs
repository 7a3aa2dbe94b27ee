using System.Text;
using Bifrost.Governance.Stores;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests;

public sealed class SqliteObjectStoreTests() : ObjectStoreTests(DatabaseKind.Sqlite);

public sealed class PostgresObjectStoreTests() : ObjectStoreTests(DatabaseKind.Postgres);

public abstract class ObjectStoreTests(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private StorePlace _place = null!;
    private GatewayStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _place = await StorePlace.FreshAsync(kind);
        _store = await _place.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_new_store_is_empty() => Assert.Empty(await LoadAsync());

    [Fact]
    public async Task A_document_comes_back_byte_for_byte()
    {
        const string json = """{ "name":"Grüße \u00e9 \u0000 \"x\"", "b":1.50, "a":[1,  2], "a2":null }""";
        await SaveAsync(Put("team", "t1", json, "abc"));

        Assert.Equal([("team", "t1", json, "abc")], await LoadAsync());
    }

    [Fact]
    public async Task Saving_replaces_and_counts_the_version_up()
    {
        await SaveAsync(Put("team", "t1", "{}", "abc"));
        await SaveAsync(Put("team", "t1", """{"a":1}"""));

        Assert.Equal([("team", "t1", """{"a":1}""", null)], await LoadAsync());
        Assert.Equal("2", $"{await Raw.ScalarAsync(_place, "SELECT version FROM objects")}");
    }

    [Fact]
    public async Task Objects_of_some_kinds_are_shown_kind_by_kind_and_by_id()
    {
        await SaveAsync(Put("team", "t2", "2", "abc"), Put("user", "u", "3"), Put("team", "t1", "1"), Put("session", "s", "4"));

        var seen = new List<(string, string, string, string?)>();
        await _store.Objects.ReadAsync(
            ["user", "team", "customer"],
            thing => seen.Add((thing.Kind, thing.Id, Encoding.UTF8.GetString(thing.Json.Span), thing.FileHash)),
            None
        );

        Assert.Equal([("user", "u", "3", null), ("team", "t1", "1", null), ("team", "t2", "2", "abc")], seen);
    }

    [Fact]
    public async Task An_id_is_unique_within_its_kind_only()
    {
        await SaveAsync(Put("team", "x", "1"), Put("user", "x", "2"));
        await SaveAsync(Delete("user", "x"));

        Assert.Equal([("team", "x", "1", null)], await LoadAsync());
    }

    [Fact]
    public async Task Changes_of_one_save_apply_in_their_order()
    {
        await SaveAsync(Put("team", "a", "1"), Delete("team", "a"), Put("team", "b", "1"), Put("team", "b", "2"), Delete("team", "c"));

        Assert.Equal([("team", "b", "2", null)], await LoadAsync());
    }

    [Fact]
    public async Task One_bad_change_and_none_is_kept()
    {
        await SaveAsync(Put("team", "a", "1"));
        await Assert.ThrowsAnyAsync<Exception>(() => SaveAsync(Delete("team", "a"), Put("team", "b", "2"), Put("team", "c", "{not json")));

        Assert.Equal([("team", "a", "1", null)], await LoadAsync());
    }

    [Fact]
    public async Task Ten_thousand_documents_are_saved_and_loaded()
    {
        var changes = Enumerable
            .Range(0, 10_000)
            .Select(number => Put("virtual_key", $"vk-{number:00000}", $$"""{"n":{{number}}}"""))
            .ToArray();
        await SaveAsync(changes);

        var loaded = await LoadAsync();
        Assert.Equal(changes.Select(change => change.Object.Id), loaded.Select(thing => thing.Id));
    }

    private static ObjectChange Put(string kind, string id, string json, string? hash = null) =>
        new(new StoredObject(kind, id, Encoding.UTF8.GetBytes(json), hash));

    private static ObjectChange Delete(string kind, string id) => new(new StoredObject(kind, id, default, null), Delete: true);

    private Task SaveAsync(params ObjectChange[] changes) => _store.Objects.SaveAsync(changes, None);

    private async Task<List<(string Kind, string Id, string Json, string? Hash)>> LoadAsync() =>
        (await _store.Objects.LoadAsync(None))
            .Select(thing => (thing.Kind, thing.Id, Encoding.UTF8.GetString(thing.Json.Span), thing.FileHash))
            .ToList();
}
