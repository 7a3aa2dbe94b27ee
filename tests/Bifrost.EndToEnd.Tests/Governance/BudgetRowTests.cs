using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Money at every level of the hierarchy: whoever has least decides, no earlier and no later.</summary>
public sealed class BudgetRowTests
{
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_01_a_key_is_served_until_its_budget_is_spent_and_not_once_more(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "budget": {"max_limit": 0.03, "reset_duration": "1h"}
            """
        );

        await scene.ServedAsync(key, times: 3);
        var refused = await scene.RefusedAsync(key, "budget_exceeded");

        Assert.Equal(402, refused.Status);
        Assert.Contains("$0.0300 used of $0.0300", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_02_a_teams_budget_binds_all_its_keys_together(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var team = await scene.OwnerAsync(
            "teams",
            """
            "budget": {"max_limit": 0.03, "reset_duration": "1h"}
            """
        );
        var keys = new List<AKey>();
        for (var i = 0; i < 3; i++)
        {
            keys.Add(
                await scene.KeyAsync(
                    $$"""
                    "team_id": "{{team}}", "budget": {"max_limit": 1, "reset_duration": "1h"}
                    """
                )
            );
        }

        foreach (var key in keys)
        {
            await scene.ServedAsync(key);
        }

        foreach (var key in keys)
        {
            Assert.Contains("team", (await scene.RefusedAsync(key, "budget_exceeded")).Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_03_what_one_key_of_a_team_spent_the_other_cannot(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var team = await scene.OwnerAsync("teams", $"\"budget\": {Scene.Cent}");
        var first = await scene.KeyAsync($"\"team_id\": \"{team}\"");
        var second = await scene.KeyAsync($"\"team_id\": \"{team}\"");

        await scene.ServedAsync(first);

        await scene.RefusedAsync(second, "budget_exceeded");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_04_a_customers_budget_binds_the_keys_that_are_its_own(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var customer = await scene.OwnerAsync(
            "customers",
            """
            "budget": {"max_limit": 0.02, "reset_duration": "1h"}
            """
        );
        var first = await scene.KeyAsync($"\"customer_id\": \"{customer}\"");
        var second = await scene.KeyAsync($"\"customer_id\": \"{customer}\"");

        await scene.ServedAsync(first);
        await scene.ServedAsync(second);

        await scene.RefusedAsync(first, "budget_exceeded");
        var refused = await scene.RefusedAsync(second, "budget_exceeded");
        Assert.Contains("customer", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_05_a_customers_budget_binds_all_its_teams(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var customer = await scene.OwnerAsync(
            "customers",
            """
            "budget": {"max_limit": 0.02, "reset_duration": "1h"}
            """
        );
        var keys = new List<AKey>();
        for (var i = 0; i < 2; i++)
        {
            var team = await scene.OwnerAsync("teams", $"\"customer_id\": \"{customer}\"");
            keys.Add(await scene.KeyAsync($"\"team_id\": \"{team}\""));
            await scene.ServedAsync(keys[i]);
        }

        await scene.RefusedAsync(keys[0], "budget_exceeded");
        await scene.RefusedAsync(keys[1], "budget_exceeded");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_06_each_provider_of_a_key_has_a_budget_of_its_own(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            $$"""
            "budget": {"max_limit": 1, "reset_duration": "1h"},
            "provider_configs": [{"provider": "openai", "weight": 1, "budget": {{Scene.Cent}} }, {"provider": "other", "weight": 1, "budget": {{Scene.Cent}} }]
            """
        );

        await scene.ServedAsync(key, "openai/penny");
        await scene.RefusedAsync(key, "budget_exceeded", "openai/penny");
        await scene.ServedAsync(key, "other/penny");
        await scene.RefusedAsync(key, "budget_exceeded", "other/penny");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_07_the_smallest_budget_of_a_chain_stops_it_and_not_earlier(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var (_, _, key) = await ChainAsync(scene, 1000, 100, 10, 0.08m);

        await scene.ServedAsync(key, times: 8);
        var refused = await scene.RefusedAsync(key, "budget_exceeded");

        Assert.Contains("openai", refused.Message, StringComparison.Ordinal);
        Assert.Contains("$0.0800", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_08_whichever_level_has_least_decides(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        decimal[][] chains =
        [
            [0.02m, 1, 1, 1],
            [1, 0.02m, 1, 1],
            [1, 1, 0.02m, 1],
            [1, 1, 1, 0.02m],
        ];
        string[] words = ["customer", "team", "VK", "openai"];
        for (var level = 0; level < chains.Length; level++)
        {
            var (customer, team, key) = await ChainAsync(scene, chains[level][0], chains[level][1], chains[level][2], chains[level][3]);

            await scene.ServedAsync(key, times: 2);
            var refused = await scene.RefusedAsync(key, "budget_exceeded");

            Assert.Contains(words[level], refused.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(0.02m, (decimal)(await scene.Api.ReadAsync("customers", customer))["budget"]!["current_usage"]!);
            Assert.Equal(0.02m, (decimal)(await scene.Api.ReadAsync("teams", team))["budget"]!["current_usage"]!);
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_12_more_money_at_any_level_serves_the_next_call(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        const string More = """{"budget": {"max_limit": 5} }""";
        var (customer, team, key) = await ChainAsync(scene, 0.01m, 0.02m, 0.03m, 0.04m);
        await scene.ServedAsync(key);

        await scene.RefusedAsync(key, "budget_exceeded");
        await scene.Api.ChangeAsync("customers", customer, More);
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
        await scene.Api.ChangeAsync("teams", team, More);
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
        await scene.Api.ChangeAsync("virtual-keys", key.Id, More);
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
        await scene.Api.ChangeAsync(
            "virtual-keys",
            key.Id,
            """{"provider_configs": [{"provider": "openai", "budget": {"max_limit": 5} }]}"""
        );
        await scene.ServedAsync(key);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_13_a_call_that_failed_costs_nothing(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "budget": {"max_limit": 1, "reset_duration": "1h"}
            """
        );

        Assert.Equal(404, (await scene.Gateway.AskAsync(key.Value, "openai/missing")).Status);
        Assert.Equal(0, (decimal)(await scene.StandingAsync(key))["budget"]!["current_usage"]!);
        await scene.ServedAsync(key);

        Assert.Equal(0.01m, (decimal)(await scene.StandingAsync(key))["budget"]!["current_usage"]!);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_32_a_budget_that_is_edited_keeps_its_id_period_and_spend(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var (customer, team, key) = await ChainAsync(scene, 4, 3, 2, 1);
        await scene.ServedAsync(key);
        const string More = """{"budget": {"max_limit": 9.5} }""";

        foreach (var (kind, id) in new[] { ("customers", customer), ("teams", team), ("virtual-keys", key.Id) })
        {
            var before = (await scene.Api.ReadAsync(kind, id))["budget"]!;
            await scene.Api.ChangeAsync(kind, id, More);
            Kept(before, (await scene.Api.ReadAsync(kind, id, fromMemory: true))["budget"]!);
        }

        var provider = (await scene.StandingAsync(key))["provider_configs"]![0]!;
        await scene.Api.ChangeAsync(
            "virtual-keys",
            key.Id,
            $$"""{"provider_configs": [{"id": {{provider["id"]}}, "budget": {"max_limit": 9.5} }]}"""
        );
        Kept(provider["budget"]!, (await scene.StandingAsync(key))["provider_configs"]![0]!["budget"]!);

        static void Kept(System.Text.Json.Nodes.JsonNode before, System.Text.Json.Nodes.JsonNode after)
        {
            Assert.Equal(9.5m, (decimal)after["max_limit"]!);
            Assert.Equal(0.01m, (decimal)after["current_usage"]!);
            foreach (var same in (string[])["id", "reset_duration", "current_usage", "last_reset", "next_reset"])
            {
                Assert.Equal(before[same]!.ToJsonString(), after[same]!.ToJsonString());
            }
        }
    }

    private static async Task<(string Customer, string Team, AKey Key)> ChainAsync(
        Scene scene,
        decimal customerHas,
        decimal teamHas,
        decimal keyHas,
        decimal providerHas
    )
    {
        var customer = await scene.OwnerAsync("customers", Budget(customerHas));
        var team = await scene.OwnerAsync("teams", $"\"customer_id\": \"{customer}\", {Budget(teamHas)}");
        var key = await scene.KeyAsync(
            $$"""
            "team_id": "{{team}}", {{Budget(keyHas)}}, "provider_configs": [{"provider": "openai", "weight": 1, {{Budget(providerHas)}} }]
            """
        );
        return (customer, team, key);

        static string Budget(decimal dollars) =>
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"\"budget\": {{\"max_limit\": {dollars}, \"reset_duration\": \"1h\"}}"
            );
    }
}
