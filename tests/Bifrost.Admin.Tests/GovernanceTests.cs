namespace Bifrost.Admin.Tests;

public sealed class GovernanceTests
{
    public static TheoryData<string, string, string, string> Kinds =>
        new()
        {
            { "teams", "team", """{"name": "a"}""", """{"name": "b"}""" },
            { "customers", "customer", """{"name": "a"}""", """{"name": "b"}""" },
            { "business-units", "business_unit", """{"name": "a"}""", """{"name": "b"}""" },
            { "users", "user", """{"name": "a", "email": "a@example.com"}""", """{"email": "b@example.com"}""" },
            {
                "model-configs",
                "model_config",
                """{"model_name": "m", "rate_limit": {"concurrent_max_limit": 1}}""",
                """{"provider": "openai"}"""
            },
            { "dimension-limits", "dimension_limit", """{"name": "a", "header": "x-bf-project-id"}""", """{"value": "p"}""" },
            { "virtual-keys", "virtual_key", """{"name": "a"}""", """{"name": "b"}""" },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_is_made_listed_read_changed_and_taken_away(string path, string one, string body, string change)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(path, one, body);
        var all = await admin.GetAsync($"/api/governance/{path}?from_memory=true");
        Assert.Equal(1, all.Json["count"]!.GetValue<int>());
        Assert.Equal(1, all.Json["total_count"]!.GetValue<int>());
        Assert.Equal(id, all.Json[$"{one}s"]![0]!["id"]!.GetValue<string>());
        var read = await admin.GetAsync($"/api/governance/{path}/{id}");
        Assert.Equal(id, read.Json[one]!["id"]!.GetValue<string>());
        var changed = await admin.SendAsync("PATCH", $"/api/governance/{path}/{id}", change);
        Assert.True(changed.Status == 200, changed.Text);
        Assert.NotEqual(read.Header("ETag"), changed.Header("ETag"));
        Assert.Equal(200, (await admin.DeleteAsync($"/api/governance/{path}/{id}")).Status);
        Assert.Equal(404, (await admin.GetAsync($"/api/governance/{path}/{id}")).Status);
        Assert.Equal(404, (await admin.DeleteAsync($"/api/governance/{path}/{id}")).Status);
        Assert.Equal(404, (await admin.SendAsync("PUT", $"/api/governance/{path}/{id}", change)).Status);
    }

    [Fact]
    public async Task A_providers_limits_are_made_by_setting_them()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var set = await admin.SendAsync(
            "PUT",
            "/api/governance/providers/OpenAI",
            """{"budget": {"max_limit": 10, "reset_duration": "1M"}}"""
        );
        Assert.True(set.Status == 200, set.Text);
        var all = await admin.GetAsync("/api/governance/providers");
        Assert.Equal("openai", all.Json["providers"]![0]!["provider"]!.GetValue<string>());
        Assert.Equal(200, (await admin.DeleteAsync("/api/governance/providers/openai")).Status);
        Assert.Empty((await admin.GetAsync("/api/governance/providers")).Json["providers"]!.AsArray());
    }

    [Fact]
    public async Task Every_mistake_is_told_at_once_and_nothing_is_made()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.SendAsync(
            "POST",
            "/api/governance/virtual-keys",
            """
            {"nmae": "a", "is_active": "yes", "tags": ["x", "x"], "expires_at": "tomorrow", "description": 5, "user_id": {},
             "budget": {"max_limit": "5", "reset_durations": "1d", "enforcement": "soft", "time_zone": "Europe/Atlantis"},
             "rate_limit": {"token_max_limit": 1.5, "request_max_limit": 0},
             "provider_configs": [{"weight": -1, "allowed_models": ["*", "gpt-5"]}]}
            """
        );
        Assert.Equal(400, answer.Status);
        Assert.Equal(
            [
                "nmae: there is no such field here. Did you mean `name`?",
                "is_active: is a string. Write true or false.",
                "tags[1]: \"x\" stands in this list twice. Keep one of the two.",
                "expires_at: \"tomorrow\" is not a time. Write it like 2026-11-22T19:00:00Z.",
                "description: is a number. Write a string.",
                "user_id: is an object. Write a string.",
                "budget.max_limit: is a string. Write a number.",
                "budget.reset_durations: there is no such field here. Did you mean `reset_duration`?",
                "budget.enforcement: \"soft\" is none of standard, hard.",
                "budget.time_zone: \"Europe/Atlantis\" is no time zone known here. Write an IANA name such as Europe/Berlin.",
                "rate_limit.token_max_limit: is 1.5. Write a whole number.",
                "rate_limit.request_max_limit: is 0. Write a number of at least 1.",
                "provider_configs[0].weight: is -1. Write a number of at least 0.",
                "provider_configs[0].allowed_models: \"*\" means all, so it must stand alone.",
                "provider_configs[0].provider: is missing.",
                "name: is missing.",
            ],
            answer.Mistakes
        );
        Assert.Empty((await admin.GetAsync("/api/governance/virtual-keys")).Json["virtual_keys"]!.AsArray());
    }

    [Theory]
    [InlineData("0.0000000001", "has more than nine decimals")]
    [InlineData("1e-10", "has more than nine decimals")]
    [InlineData("10000000000", "is more than nine billion dollars")]
    [InlineData("0.00000000000000000000000000000000001", "too many digits")]
    [InlineData("1e400", "too many digits")]
    [InlineData("0", "more than 0")]
    [InlineData("-1", "more than 0")]
    public async Task Money_that_cannot_be_exact_or_is_none_is_refused(string amount, string why)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var body = $$"""{"name": "a", "budget": {"max_limit": {{amount}}, "reset_duration": "1d"} }""";
        var answer = await admin.SendAsync("POST", "/api/governance/teams", body);
        Assert.Equal(400, answer.Status);
        var mistake = Assert.Single(answer.Mistakes);
        Assert.StartsWith("budget.max_limit: ", mistake, StringComparison.Ordinal);
        Assert.Contains(why, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("123456789.123456789")]
    [InlineData("1e-9")]
    [InlineData("9000000000")]
    public async Task Money_comes_back_as_it_was_sent(string amount)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var body = $$"""{"name": "a", "budget": {"max_limit": {{amount}}, "reset_duration": "1d"} }""";
        var answer = await admin.SendAsync("POST", "/api/governance/teams", body);
        Assert.True(answer.Status == 201, answer.Text);
        var sent = decimal.Parse(amount, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(sent, answer.Json["team"]!["budget"]!["max_limit"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData("""{"budget": {"max_limit": 1}}""", "budget.reset_duration")]
    [InlineData("""{"budget": {"reset_duration": "1d"}}""", "budget.max_limit")]
    [InlineData("""{"budget": {"max_limit": 1, "reset_duration": "1x"}}""", "budget.reset_duration")]
    [InlineData("""{"budget": {"max_limit": 1, "reset_duration": "1h", "calendar_aligned": true}}""", "budget.")]
    [InlineData("""{"budgets": [{"max_limit": 1, "reset_duration": "1h"}, {"max_limit": 2, "reset_duration": "1h"}]}""", "budgets[1].")]
    [InlineData("""{"budgets": [{"id": "none", "max_limit": 1, "reset_duration": "1h"}]}""", "budgets[0].id")]
    [InlineData("""{"budget": {"max_limit": 1, "reset_duration": "1d"}, "budgets": []}""", "budget")]
    [InlineData("""{"rate_limit": {"request_max_limit": 1}}""", "rate_limit.")]
    [InlineData("""{"customer_id": "nobody"}""", "customer_id")]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""[]""", "body")]
    [InlineData("""{"name": }""", "body")]
    public async Task A_mistake_is_told_by_the_path_it_was_sent_under(string change, string path)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("teams", "team", """{"name": "a"}""");
        var answer = await admin.SendAsync("PUT", $"/api/governance/teams/{id}", change);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(path, answer.Mistakes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_limits_on_one_model_are_a_conflict()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.MadeAsync("model-configs", "model_config", """{"model_name": "m", "provider": "openai"}""");
        await admin.MadeAsync("model-configs", "model_config", """{"model_name": "m"}""");
        var answer = await admin.SendAsync("POST", "/api/governance/model-configs", """{"model_name": "m", "provider": "OpenAI"}""");
        Assert.Equal(409, answer.Status);
    }

    [Fact]
    public async Task Whoever_changes_what_somebody_else_has_changed_is_told_so()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("teams", "team", """{"name": "a"}""");
        var path = $"/api/governance/teams/{id}";
        var seen = (await admin.GetAsync(path)).Header("ETag");
        await admin.SendAsync("PUT", path, """{"name": "b"}""");
        Assert.Equal(412, await WithAsync("PUT", seen));
        Assert.Equal(412, await WithAsync("DELETE", seen));
        Assert.Equal("b", (await admin.GetAsync(path)).Json["team"]!["name"]!.GetValue<string>());
        Assert.Equal(200, await WithAsync("PUT", (await admin.GetAsync(path)).Header("ETag")));

        async Task<int> WithAsync(string method, string version)
        {
            var request = AnAdmin.Request(method, path, method == "PUT" ? new System.Text.Json.Nodes.JsonObject { ["name"] = "c" } : null);
            request.Headers.TryAddWithoutValidation("If-Match", version);
            return (await admin.SendAsync(request)).Status;
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_by_offset_and_by_where_the_last_one_ended()
    {
        await using var admin = await AnAdmin.OpenAsync();
        for (var i = 0; i < 7; i++)
        {
            await admin.MadeAsync("teams", "team", $$"""{"name": "team {{i}}"}""");
        }

        var first = await admin.GetAsync("/api/governance/teams?limit=3");
        Assert.Equal((3, 7, 3, 0), Envelope(first));
        var second = await admin.GetAsync("/api/governance/teams?limit=3&offset=3");
        Assert.Equal((3, 7, 3, 3), Envelope(second));
        var after = await admin.GetAsync(
            $"/api/governance/teams?limit=3&after={Uri.EscapeDataString(first.Json["next_after"]!.GetValue<string>())}"
        );
        Assert.Equal(Names(second), Names(after));
        var all = await admin.GetAsync("/api/governance/teams");
        Assert.Equal((7, 7, 7, 0), Envelope(all));
        Assert.Null(all.Json["next_after"]);
        Assert.Equal(7, (await admin.GetAsync("/api/governance/teams?export=true&limit=2")).Json["count"]!.GetValue<int>());
        Assert.Equal(25, (await admin.GetAsync("/api/governance/teams?limit=0")).Json["limit"]!.GetValue<int>());
        Assert.Equal(100, (await admin.GetAsync("/api/governance/teams?limit=5000")).Json["limit"]!.GetValue<int>());
        Assert.Equal("team 6", Names(await admin.GetAsync("/api/governance/teams?sort_by=name&order=desc"))[0]);
        Assert.Equal(["team 4"], Names(await admin.GetAsync("/api/governance/teams?search=TEAM%204")));
    }

    [Theory]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("sort_by=colour", "sort_by")]
    [InlineData("limt=5", "limt: there is no such parameter here. Did you mean `limit`?")]
    public async Task A_page_that_cannot_be_is_refused(string query, string mistake)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.GetAsync($"/api/governance/teams?{query}");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(mistake, Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_lists_the_keys_it_holds_itself_and_not_those_of_its_teams()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var customer = await admin.MadeAsync("customers", "customer", """{"name": "c"}""");
        var team = await admin.MadeAsync("teams", "team", $$"""{"name": "t", "customer_id": "{{customer}}"}""");
        await admin.MadeAsync("virtual-keys", "virtual_key", $$"""{"name": "direct", "customer_id": "{{customer}}"}""");
        await admin.MadeAsync("virtual-keys", "virtual_key", $$"""{"name": "through", "team_id": "{{team}}"}""");
        var seen = (await admin.GetAsync($"/api/governance/customers/{customer}")).Json["customer"]!;
        Assert.Equal("direct", Assert.Single(seen["virtual_keys"]!.AsArray())!["name"]!.GetValue<string>());
        Assert.Equal("t", Assert.Single(seen["teams"]!.AsArray())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_team_that_goes_leaves_its_keys_behind()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "t"}""");
        var key = await admin.MadeAsync("virtual-keys", "virtual_key", $$"""{"name": "a", "team_id": "{{team}}"}""");
        Assert.Equal(200, (await admin.DeleteAsync($"/api/governance/teams/{team}")).Status);
        Assert.Null((await admin.GetAsync($"/api/governance/virtual-keys/{key}")).Json["virtual_key"]!["team_id"]);
    }

    private static (int Count, int Total, int Limit, int Offset) Envelope(AnAnswer answer) =>
        (
            answer.Json["count"]!.GetValue<int>(),
            answer.Json["total_count"]!.GetValue<int>(),
            answer.Json["limit"]!.GetValue<int>(),
            answer.Json["offset"]!.GetValue<int>()
        );

    private static List<string> Names(AnAnswer answer) => [.. answer.Json["teams"]!.AsArray().Select(t => t!["name"]!.GetValue<string>())];
}
