using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Tests;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("teams", "team")]
    [InlineData("customers", "customer")]
    [InlineData("business-units", "business_unit")]
    [InlineData("users", "user")]
    [InlineData("virtual-keys", "virtual_key")]
    public async Task A_budget_is_raised_for_some_periods_and_falls_back(string path, string one)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(path, one, """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}""");
        var budget = await BudgetIdAsync(admin, path, one, id);
        var over = $"/api/governance/{path}/{id}/budgets/{budget}/override";
        var raised = await admin.SendAsync("PUT", over, """{"amount": 2.5, "mode": "cycles", "cycles": 2}""");
        Assert.True(raised.Status == 200, raised.Text);
        Assert.Equal(7.5m, raised.Json["budget"]!["effective_max_limit"]!.GetValue<decimal>());
        Assert.Equal(2, raised.Json["budget"]!["override"]!["cycles"]!.GetValue<int>());
        admin.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(7.5m, await LimitAsync());
        admin.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(5m, await LimitAsync());

        async Task<decimal> LimitAsync() =>
            (await admin.GetAsync($"/api/governance/{path}/{id}")).Json[one]!["budget"]!["effective_max_limit"]!.GetValue<decimal>();
    }

    [Fact]
    public async Task A_budget_is_raised_until_that_is_taken_back()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("teams", "team", """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}""");
        var over = $"/api/governance/teams/{id}/budgets/{await BudgetIdAsync(admin, "teams", "team", id)}/override";
        var raised = await admin.SendAsync("PUT", over, """{"amount": 1, "mode": "forever"}""");
        Assert.Equal(6m, raised.Json["budget"]!["effective_max_limit"]!.GetValue<decimal>());
        var back = await admin.DeleteAsync(over);
        Assert.Equal(5m, back.Json["budget"]!["effective_max_limit"]!.GetValue<decimal>());
        Assert.Null(back.Json["budget"]!["override"]);
    }

    [Theory]
    [InlineData("""{"amount": 0, "mode": "forever"}""", "amount")]
    [InlineData("""{"amount": 1, "mode": "forever", "cycles": 2}""", "cycles")]
    [InlineData("""{"amount": 1, "mode": "cycles"}""", "cycles")]
    [InlineData("""{"amount": 1, "mode": "always"}""", "mode")]
    [InlineData("""{"mode": "forever"}""", "amount")]
    public async Task An_override_that_makes_no_sense_is_refused(string body, string path)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("teams", "team", """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}""");
        var budget = await BudgetIdAsync(admin, "teams", "team", id);
        var answer = await admin.SendAsync("PUT", $"/api/governance/teams/{id}/budgets/{budget}/override", body);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith($"{path}: ", Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prepaid_budget_is_topped_up_and_another_is_not()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            """{"name": "a", "budgets": [{"max_limit": 5, "reset_duration": "never"}, {"max_limit": 5, "reset_duration": "1d"}]}"""
        );
        var budgets = (await admin.GetAsync($"/api/governance/virtual-keys/{id}")).Json["virtual_key"]!["budgets"]!.AsArray();
        var paths = budgets.Select(b => $"/api/governance/virtual-keys/{id}/budgets/{b!["id"]}/top-up").ToList();
        var topped = await admin.SendAsync("POST", paths[0], """{"amount": 0.000000001}""");
        Assert.Equal(5.000000001m, topped.Json["budget"]!["max_limit"]!.GetValue<decimal>());
        Assert.Equal(400, (await admin.SendAsync("POST", paths[1], """{"amount": 1}""")).Status);
    }

    [Fact]
    public async Task A_budget_within_a_provider_config_is_raised_too()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            """{"name": "a", "provider_configs": [{"provider": "openai", "budget": {"max_limit": 5, "reset_duration": "1d"}}]}"""
        );
        var key = (await admin.GetAsync($"/api/governance/virtual-keys/{id}")).Json["virtual_key"]!;
        var budget = key["provider_configs"]![0]!["budget"]!["id"]!.GetValue<string>();
        var path = $"/api/governance/virtual-keys/{id}/budgets/{budget}/override";
        var raised = await admin.SendAsync("PUT", path, """{"amount": 1, "mode": "forever"}""");
        Assert.Equal(6m, raised.Json["budget"]!["effective_max_limit"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_budget_that_is_not_there_is_not_found()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("teams", "team", """{"name": "a"}""");
        var body = """{"amount": 1, "mode": "forever"}""";
        Assert.Equal(404, (await admin.SendAsync("PUT", $"/api/governance/teams/{id}/budgets/x/override", body)).Status);
        Assert.Equal(404, (await admin.SendAsync("PUT", "/api/governance/teams/x/budgets/x/override", body)).Status);
    }

    [Fact]
    public async Task What_was_spent_is_set_to_nothing_once_for_each_time_it_is_asked()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("teams", "team", """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}""");
        Assert.Equal(200, (await admin.SendAsync("PUT", $"/api/governance/teams/{id}", """{"reset_budget_usage": true}""")).Status);
        Assert.Equal(1, admin.Parts.Registry.Now.Teams[id].Budgets[0].UsageEpoch);
        Assert.Equal(200, (await admin.SendAsync("PUT", $"/api/governance/teams/{id}", """{"reset_budget_usage": false}""")).Status);
        Assert.Equal(1, admin.Parts.Registry.Now.Teams[id].Budgets[0].UsageEpoch);
    }

    [Fact]
    public async Task All_budgets_and_rate_limits_are_listed_with_their_owners()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "teams",
            "team",
            """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}, "rate_limit": {"concurrent_max_limit": 2}}"""
        );
        foreach (var member in new[] { "budgets", "rate_limits" })
        {
            var item = Assert.Single((await admin.GetAsync($"/api/governance/{member.Replace('_', '-')}")).Json[member]!.AsArray())!;
            Assert.Equal(ObjectKinds.Team, item["owner_type"]!.GetValue<string>());
            Assert.Equal(id, item["owner_id"]!.GetValue<string>());
        }
    }

    private static async Task<string> BudgetIdAsync(AnAdmin admin, string path, string one, string id) =>
        (await admin.GetAsync($"/api/governance/{path}/{id}")).Json[one]!["budget"]!["id"]!.GetValue<string>();
}
