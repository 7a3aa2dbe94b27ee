namespace Bifrost.Admin.Tests;

public sealed class TrialTests
{
    [Fact]
    public async Task A_provider_that_is_not_there_cannot_be_tried()
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(404, (await admin.SendAsync("POST", "/api/providers/nobody/test", "{}")).Status);
    }

    [Fact]
    public async Task A_provider_without_a_key_has_nothing_to_try()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.SendAsync("POST", "/api/providers", """{"provider": "openai"}""");
        var answer = await admin.SendAsync("POST", "/api/providers/openai/test", "{}");
        Assert.True(answer.Status is 409 or 404, answer.Text);
    }

    [Fact]
    public async Task The_kinds_of_provider_are_listed()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.GetAsync("/api/provider-kinds");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.NotNull(answer.Json["kinds"]);
    }

    [Fact]
    public async Task As_many_budgets_are_listed_as_are_asked_for_each_with_its_owners_name()
    {
        await using var admin = await AnAdmin.OpenAsync();
        foreach (var name in (string[])["a", "b", "c"])
        {
            await admin.SendAsync(
                "POST",
                "/api/governance/teams",
                $$$"""{"name": "{{{name}}}", "budget": {"max_limit": 5, "reset_duration": "1d"}}"""
            );
        }

        var answer = await admin.GetAsync("/api/governance/budgets?nearest=2");
        Assert.Equal(2, answer.Json["budgets"]!.AsArray().Count);
        Assert.Contains(answer.Json["budgets"]![0]!["owner_name"]!.GetValue<string>(), (string[])["a", "b", "c"]);
        Assert.Equal(400, (await admin.GetAsync("/api/governance/budgets?nearest=few")).Status);
    }
}
