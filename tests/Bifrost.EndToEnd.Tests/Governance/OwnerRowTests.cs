using System.Text.Json.Nodes;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Keys that change hands, and owners that go.</summary>
public sealed class OwnerRowTests
{
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_09_a_key_moved_to_another_team_spends_that_teams_money(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var spent = await scene.OwnerAsync("teams", $"\"budget\": {Scene.Cent}");
        var fresh = await scene.OwnerAsync("teams", $"\"budget\": {Scene.Cent}");
        var key = await scene.KeyAsync($"\"team_id\": \"{spent}\"");
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");

        await scene.Api.ChangeAsync("virtual-keys", key.Id, $$"""{"team_id": "{{fresh}}"}""");

        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_10_a_key_moved_to_another_customer_spends_that_customers_money(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var spent = await scene.OwnerAsync("customers", $"\"budget\": {Scene.Cent}");
        var fresh = await scene.OwnerAsync("customers", $"\"budget\": {Scene.Cent}");
        var key = await scene.KeyAsync($"\"customer_id\": \"{spent}\"");
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");

        await scene.Api.ChangeAsync("virtual-keys", key.Id, $$"""{"customer_id": "{{fresh}}"}""");

        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_11_a_key_moved_between_whole_chains_is_bound_by_the_new_one(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var teams = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var customer = await scene.OwnerAsync("customers", $"\"budget\": {Scene.Cent}");
            teams.Add(await scene.OwnerAsync("teams", $"\"customer_id\": \"{customer}\", \"budget\": {Scene.Cent}"));
        }

        var key = await scene.KeyAsync($"\"team_id\": \"{teams[0]}\"");
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");

        await scene.Api.ChangeAsync("virtual-keys", key.Id, $$"""{"team_id": "{{teams[1]}}"}""");

        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_19_a_key_outlives_its_team_and_is_bound_by_it_no_longer(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var team = await scene.OwnerAsync("teams", $"\"budget\": {Scene.Cent}");
        var key = await scene.KeyAsync($"\"team_id\": \"{team}\"");
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");

        await scene.Api.RemoveAsync("teams", team);

        await scene.ServedAsync(key);
        Assert.Null((await scene.StandingAsync(key))["team_id"]);
        Assert.Empty(await BudgetsAsync(scene));
        Assert.Equal(404, (await scene.Api.GetAsync($"/api/governance/teams/{team}")).Status);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_20_a_key_outlives_its_customer_and_is_bound_by_it_no_longer(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var customer = await scene.OwnerAsync("customers", $"\"budget\": {Scene.Cent}");
        var key = await scene.KeyAsync($"\"customer_id\": \"{customer}\"");
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");

        await scene.Api.RemoveAsync("customers", customer);

        await scene.ServedAsync(key);
        Assert.Null((await scene.StandingAsync(key))["customer_id"]);
        Assert.Empty(await BudgetsAsync(scene));
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_21_a_key_that_is_deleted_takes_its_limits_along(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            $$"""
            "budget": {{Scene.Cent}}, "rate_limit": {"request_max_limit": 5, "request_reset_duration": "1h"},
            "provider_configs": [{"provider": "openai", "budget": {{Scene.Cent}}, "rate_limit": {"request_max_limit": 5, "request_reset_duration": "1h"} }]
            """
        );
        Assert.Equal(2, (await BudgetsAsync(scene)).Count);

        await scene.Api.RemoveAsync("virtual-keys", key.Id);

        await scene.RefusedAsync(key, "virtual_key_required");
        Assert.Empty(await BudgetsAsync(scene));
        var rates = await scene.Api.GetAsync("/api/governance/rate-limits?from_memory=true");
        Assert.Empty(rates.Json["rate_limits"]!.AsArray());
        Assert.Equal(404, (await scene.Api.GetAsync($"/api/governance/virtual-keys/{key.Id}?from_memory=true")).Status);
    }

    private static async Task<JsonArray> BudgetsAsync(Scene scene) =>
        (await scene.Api.GetAsync("/api/governance/budgets?from_memory=true")).Json["budgets"]!.AsArray();
}
