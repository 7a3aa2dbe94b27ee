using System.Text.Json.Nodes;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>What the management API shows, from memory and of what is kept.</summary>
public sealed class ViewRowTests
{
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_33_what_is_made_changed_and_deleted_is_seen_in_memory_at_once(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        foreach (var kind in (string[])["customers", "teams", "virtual-keys"])
        {
            var made = await scene.Api.MakeAsync(kind, $$"""{"name": "first", "budget": {{Scene.Cent}} }""");
            var id = (string)made["id"]!;
            Assert.Equal("first", (string)(await scene.Api.ReadAsync(kind, id, fromMemory: true))["name"]!);

            await scene.Api.ChangeAsync(kind, id, """{"name": "second"}""");
            var changed = await scene.Api.ReadAsync(kind, id, fromMemory: true);
            Assert.Equal(("second", 0.01m), ((string)changed["name"]!, (decimal)changed["budget"]!["max_limit"]!));

            await scene.Api.RemoveAsync(kind, id);
            Assert.Equal(404, (await scene.Api.GetAsync($"/api/governance/{kind}/{id}?from_memory=true")).Status);
            Assert.Empty(await ListAsync(scene, kind, fromMemory: true));
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_34_memory_and_database_hold_the_same(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var customer = await scene.OwnerAsync("customers", $"\"budget\": {Scene.Cent}");
        var team = await scene.OwnerAsync("teams", $"\"customer_id\": \"{customer}\", \"budget\": {Scene.Cent}");
        await scene.KeyAsync(
            $$"""
            "team_id": "{{team}}", "provider_configs": [{"provider": "openai", "weight": 0.5, "allowed_models": ["penny"], "budget": {{Scene.Cent}} }]
            """
        );
        await scene.KeyAsync(
            $$"""
            "customer_id": "{{customer}}", "rate_limit": {"request_max_limit": 5, "request_reset_duration": "1h"}
            """
        );
        var before = new List<string>();
        foreach (var kind in (string[])["customers", "teams", "virtual-keys"])
        {
            var (memory, kept) = (await ListAsync(scene, kind, fromMemory: true), await ListAsync(scene, kind, fromMemory: false));
            Assert.Equal(memory.ToJsonString(), kept.ToJsonString());
            before.Add(memory.ToJsonString());
        }

        // After a restart everything comes from the database.
        await scene.Gateway.RestartAsync();

        foreach (var (kind, at) in new[] { ("customers", 0), ("teams", 1), ("virtual-keys", 2) })
        {
            Assert.Equal(before[at], (await ListAsync(scene, kind, fromMemory: true)).ToJsonString());
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_36_a_customer_shows_the_keys_that_are_its_own(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var one = await scene.OwnerAsync("customers");
        var several = await scene.OwnerAsync("customers");
        var key = await scene.KeyAsync($"\"customer_id\": \"{one}\"");
        List<string> keys = [];
        for (var i = 0; i < 3; i++)
        {
            keys.Add((await scene.KeyAsync($"\"customer_id\": \"{several}\"")).Id);
        }

        foreach (var fromMemory in (bool[])[false, true])
        {
            Assert.Equal([key.Id], KeysOf(await scene.Api.ReadAsync("customers", one, fromMemory)));
            Assert.Equal(keys.Order(), KeysOf(await scene.Api.ReadAsync("customers", several, fromMemory)).Order());
            var listed = (await ListAsync(scene, "customers", fromMemory)).Single(c => (string)c!["id"]! == several)!;
            Assert.Equal(keys.Order(), KeysOf(listed).Order());
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_37_a_customer_does_not_show_the_keys_of_its_teams(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var customer = await scene.OwnerAsync("customers");
        var team = await scene.OwnerAsync("teams", $"\"customer_id\": \"{customer}\"");
        var own = await scene.KeyAsync($"\"customer_id\": \"{customer}\"");
        var teams = await scene.KeyAsync($"\"team_id\": \"{team}\"");

        foreach (var fromMemory in (bool[])[false, true])
        {
            var shown = await scene.Api.ReadAsync("customers", customer, fromMemory);
            Assert.Equal([own.Id], KeysOf(shown));
            Assert.Equal([team], shown["teams"]!.AsArray().Select(t => (string)t!["id"]!));
            Assert.Equal([teams.Id], KeysOf(await scene.Api.ReadAsync("teams", team, fromMemory)));
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_38_a_key_shows_its_customer_or_its_team(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var customer = await scene.OwnerAsync("customers");
        var team = await scene.OwnerAsync("teams", $"\"customer_id\": \"{customer}\"");
        var direct = await scene.KeyAsync($"\"customer_id\": \"{customer}\"");
        var member = await scene.KeyAsync($"\"team_id\": \"{team}\"");

        foreach (var fromMemory in (bool[])[false, true])
        {
            var key = await scene.Api.ReadAsync("virtual-keys", direct.Id, fromMemory);
            Assert.Equal(customer, (string)key["customer"]!["id"]!);
            Assert.Empty(key["customer"]!["teams"]!.AsArray());
            Assert.Empty(key["customer"]!["virtual_keys"]!.AsArray());
            Assert.Null(key["team"]);
            key = await scene.Api.ReadAsync("virtual-keys", member.Id, fromMemory);
            Assert.Equal(team, (string)key["team"]!["id"]!);
            Assert.Null(key["customer"]);
        }
    }

    private static IEnumerable<string> KeysOf(JsonNode owner) => owner["virtual_keys"]!.AsArray().Select(k => (string)k!["id"]!);

    private static async Task<JsonArray> ListAsync(Scene scene, string kind, bool fromMemory)
    {
        var answer = await scene.Api.GetAsync($"/api/governance/{kind}{(fromMemory ? "?from_memory=true" : "")}");
        answer.MustBe(200);
        return answer.Json[kind.Replace('-', '_')]!.AsArray();
    }
}
