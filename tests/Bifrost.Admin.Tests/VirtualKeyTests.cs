using System.Text.Json.Nodes;

namespace Bifrost.Admin.Tests;

public sealed class VirtualKeyTests
{
    private const string Keys = "/api/governance/virtual-keys";

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", null)]
    public async Task A_key_decides_whether_what_its_calls_say_is_kept(string written, bool? kept)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("virtual-keys", "virtual_key", """{"name": "a", "log_content": true}""");
        var rotated = await admin.SendAsync("POST", $"/api/governance/virtual-keys/{id}/rotate", "{}");
        var value = rotated.Json["virtual_key"]!["value"]!.GetValue<string>();

        var changed = await admin.SendAsync("PATCH", $"/api/governance/virtual-keys/{id}", $$"""{"log_content": {{written}}}""");

        Assert.Equal(kept, (bool?)changed.Json["virtual_key"]!["log_content"]);
        Assert.Equal(kept, admin.Parts.Registry.Find(value, admin.Clock.GetUtcNow())!.KeepsContent);
        // Nothing else changes it.
        await admin.SendAsync("PATCH", $"/api/governance/virtual-keys/{id}", """{"description": "x"}""");
        Assert.Equal(kept, admin.Parts.Registry.Find(value, admin.Clock.GetUtcNow())!.KeepsContent);
    }

    [Fact]
    public async Task The_value_is_shown_when_the_key_is_made_and_never_again()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var made = await admin.SendAsync("POST", Keys, """{"name": "a"}""");
        var value = made.Json["virtual_key"]!["value"]!.GetValue<string>();
        var id = made.Json["virtual_key"]!["id"]!.GetValue<string>();
        Assert.Matches("^sk-bf-[0-9a-f-]{36}$", value);
        foreach (var path in new[] { Keys, $"{Keys}/{id}", $"{Keys}?limit=5", $"{Keys}?search=a", $"{Keys}/{id}/explain" })
        {
            var answer = await admin.GetAsync(path);
            Assert.Equal(200, answer.Status);
            Assert.DoesNotContain(value, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("hash", answer.Text, StringComparison.OrdinalIgnoreCase);
        }

        var read = await admin.GetAsync($"{Keys}/{id}");
        Assert.Equal($"sk-bf-…{value[^4..]}", read.Json["virtual_key"]!["value_preview"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_is_made_with_everything_it_can_have()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "t"}""");
        var made = await admin.SendAsync(
            "POST",
            Keys,
            $$"""
            {"name": "a", "description": "d", "is_active": false, "expires_at": "2027-01-01T00:00:00Z", "tags": ["x", "y"], "team_id": "{{team}}",
             "budgets": [{"max_limit": 0.000000001, "reset_duration": "1d", "calendar_aligned": true, "time_zone": "Europe/Berlin", "enforcement": "hard"},
                         {"max_limit": 12.5, "reset_duration": "never"}],
             "rate_limit": {"request_max_limit": 10, "request_reset_duration": "1m", "token_max_limit": 1000, "token_reset_duration": "1h", "concurrent_max_limit": 3},
             "provider_configs": [{"provider": "openai", "weight": 0.5, "allowed_models": ["gpt-5"], "key_ids": [], "budget": {"max_limit": 1, "reset_duration": "1w"} }] }
            """
        );
        Assert.True(made.Status == 201, made.Text);
        var key = made.Json["virtual_key"]!;
        Assert.Equal("t", key["team"]!["name"]!.GetValue<string>());
        Assert.Equal(0.000000001m, key["budgets"]![0]!["max_limit"]!.GetValue<decimal>());
        Assert.Contains("0.000000001", made.Text, StringComparison.Ordinal);
        Assert.Equal("hard", key["budgets"]![0]!["enforcement"]!.GetValue<string>());
        Assert.Equal(0m, key["budgets"]![1]!["current_usage"]!.GetValue<decimal>());
        Assert.Equal(12.5m, key["budgets"]![1]!["effective_max_limit"]!.GetValue<decimal>());
        Assert.Null(key["budgets"]![1]!["next_reset"]);
        Assert.Equal("2026-11-22T23:00:00Z", key["budgets"]![0]!["next_reset"]!.GetValue<string>());
        Assert.Equal(10, key["rate_limit"]!["request_max_limit"]!.GetValue<int>());
        Assert.Equal(0, key["rate_limit"]!["token_current_usage"]!.GetValue<int>());
        Assert.Equal(3, key["rate_limit"]!["concurrent_max_limit"]!.GetValue<int>());
        var config = key["provider_configs"]![0]!;
        Assert.Equal(0.5, config["weight"]!.GetValue<double>());
        Assert.Empty(config["key_ids"]!.AsArray());
        Assert.Equal(1m, config["budget"]!["max_limit"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task What_an_update_leaves_out_stays()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "t"}""");
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            $$"""{"name": "a", "team_id": "{{team}}", "tags": ["x"], "budget": {"max_limit": 5, "reset_duration": "1d"}, "provider_configs": [{"provider": "openai"}]}"""
        );
        var before = (await admin.GetAsync($"{Keys}/{id}")).Json["virtual_key"]!;
        var after = (await admin.SendAsync("PUT", $"{Keys}/{id}", """{"description": "new"}""")).Json["virtual_key"]!;
        Assert.Equal("new", after["description"]!.GetValue<string>());
        foreach (var same in new[] { "name", "team_id", "tags", "budgets", "provider_configs", "value_preview", "created_at", "is_active" })
        {
            Assert.True(JsonNode.DeepEquals(before[same], after[same]), same);
        }
    }

    [Fact]
    public async Task Null_takes_away_what_is_set()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "t"}""");
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            $$"""
            {"name": "a", "team_id": "{{team}}", "expires_at": "2027-01-01T00:00:00Z", "description": "d", "budget": {"max_limit": 5, "reset_duration": "1d"},
             "rate_limit": {"request_max_limit": 10, "request_reset_duration": "1m"}, "provider_configs": []}
            """
        );
        var answer = await admin.SendAsync(
            "PATCH",
            $"{Keys}/{id}",
            """{"team_id": null, "expires_at": null, "description": null, "budget": null, "rate_limit": null, "provider_configs": null}"""
        );
        Assert.True(answer.Status == 200, answer.Text);
        var key = answer.Json["virtual_key"]!;
        foreach (var gone in new[] { "team_id", "expires_at", "description", "budget", "rate_limit", "provider_configs" })
        {
            Assert.Null(key[gone]);
        }

        Assert.Empty(key["budgets"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"budget": {}}""")]
    [InlineData("""{"budgets": []}""")]
    [InlineData("""{"budgets": null}""")]
    public async Task An_empty_budget_takes_it_away_too(string change)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}"""
        );
        var answer = await admin.SendAsync("PUT", $"{Keys}/{id}", change);
        Assert.Empty(answer.Json["virtual_key"]!["budgets"]!.AsArray());
    }

    [Fact]
    public async Task One_half_of_a_rate_limit_goes_and_the_other_stays()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            """{"name": "a", "rate_limit": {"request_max_limit": 10, "request_reset_duration": "1m", "token_max_limit": 9, "token_reset_duration": "1h"}}"""
        );
        var answer = await admin.SendAsync(
            "PUT",
            $"{Keys}/{id}",
            """{"rate_limit": {"token_max_limit": null, "token_reset_duration": null}}"""
        );
        var rate = answer.Json["virtual_key"]!["rate_limit"]!;
        Assert.Equal(10, rate["request_max_limit"]!.GetValue<int>());
        Assert.Null(rate["token_max_limit"]);
    }

    [Fact]
    public async Task A_raised_budget_keeps_its_id_and_its_period()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}"""
        );
        var before = (await admin.GetAsync($"{Keys}/{id}")).Json["virtual_key"]!["budget"]!;
        admin.Clock.Advance(TimeSpan.FromHours(3));
        var after = (await admin.SendAsync("PUT", $"{Keys}/{id}", """{"budget": {"max_limit": 7}}""")).Json["virtual_key"]!["budget"]!;
        Assert.Equal(7m, after["max_limit"]!.GetValue<decimal>());
        foreach (var same in new[] { "id", "reset_duration", "created_at", "last_reset" })
        {
            Assert.Equal(before[same]!.GetValue<string>(), after[same]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Provider_configs_are_the_whole_set_and_what_stays_keeps_its_number()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            """{"name": "a", "provider_configs": [{"provider": "openai", "allowed_models": ["gpt-5"]}, {"provider": "replicate"}]}"""
        );
        var answer = await admin.SendAsync(
            "PUT",
            $"{Keys}/{id}",
            """{"provider_configs": [{"provider": "openai", "weight": 2}, {"provider": "groq"}]}"""
        );
        var configs = answer.Json["virtual_key"]!["provider_configs"]!.AsArray();
        Assert.Equal([1, 3], configs.Select(c => c!["id"]!.GetValue<int>()));
        Assert.Equal("gpt-5", configs[0]!["allowed_models"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Giving_a_key_to_a_customer_takes_it_from_its_team()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "t"}""");
        var customer = await admin.MadeAsync("customers", "customer", """{"name": "c"}""");
        var id = await admin.MadeAsync("virtual-keys", "virtual_key", $$"""{"name": "a", "team_id": "{{team}}"}""");
        var key = (await admin.SendAsync("PUT", $"{Keys}/{id}", $$"""{"customer_id": "{{customer}}"}""")).Json["virtual_key"]!;
        Assert.Null(key["team_id"]);
        Assert.Equal("c", key["customer"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_belongs_to_a_team_or_to_a_customer()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "t"}""");
        var customer = await admin.MadeAsync("customers", "customer", """{"name": "c"}""");
        var answer = await admin.SendAsync("POST", Keys, $$"""{"name": "a", "team_id": "{{team}}", "customer_id": "{{customer}}"}""");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("customer_id: ", Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.MadeAsync("virtual-keys", "virtual_key", """{"name": "a"}""");
        var answer = await admin.SendAsync("POST", Keys, """{"name": "a"}""");
        Assert.Equal(409, answer.Status);
        Assert.Equal("name: \"a\" is taken. Names are unique.", Assert.Single(answer.Mistakes));
    }

    [Fact]
    public async Task A_rotated_key_has_a_new_value_and_is_otherwise_the_same()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var made = await admin.SendAsync("POST", Keys, """{"name": "a", "budget": {"max_limit": 5, "reset_duration": "1d"}}""");
        var old = made.Json["virtual_key"]!["value"]!.GetValue<string>();
        var id = made.Json["virtual_key"]!["id"]!.GetValue<string>();
        var rotated = await admin.SendAsync("POST", $"{Keys}/{id}/rotate", """{"grace_seconds": 60}""");
        var value = rotated.Json["virtual_key"]!["value"]!.GetValue<string>();
        Assert.NotEqual(old, value);
        Assert.Equal(id, rotated.Json["virtual_key"]!["id"]!.GetValue<string>());
        Assert.Equal(200, await QuotaStatusAsync(admin, old));
        Assert.Equal(200, await QuotaStatusAsync(admin, value));
        admin.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(401, await QuotaStatusAsync(admin, old));
        Assert.Equal(200, await QuotaStatusAsync(admin, value));
    }

    [Fact]
    public async Task Without_grace_the_old_value_ends_at_once()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var made = await admin.SendAsync("POST", Keys, """{"name": "a"}""");
        var id = made.Json["virtual_key"]!["id"]!.GetValue<string>();
        Assert.Equal(200, (await admin.SendAsync(AnAdmin.Request("POST", $"{Keys}/{id}/rotate"))).Status);
        Assert.Equal(401, await QuotaStatusAsync(admin, made.Json["virtual_key"]!["value"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Several_keys_are_rotated_together_or_not_at_all()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var made = await admin.SendAsync("POST", Keys, """{"name": "a"}""");
        var (a, old) = (made.Json["virtual_key"]!["id"]!.GetValue<string>(), made.Json["virtual_key"]!["value"]!.GetValue<string>());
        var b = await admin.MadeAsync("virtual-keys", "virtual_key", """{"name": "b"}""");
        var refused = await admin.SendAsync("POST", $"{Keys}/rotate", $$"""{"ids": ["{{a}}", "nobody"]}""");
        Assert.Equal("ids[1]: There is no virtual key \"nobody\".", Assert.Single(refused.Mistakes));
        Assert.Equal(200, await QuotaStatusAsync(admin, old));
        var done = await admin.SendAsync("POST", $"{Keys}/rotate", $$"""{"ids": ["{{a}}", "{{b}}"]}""");
        Assert.Equal(2, done.Json["virtual_keys"]!.AsArray().Select(k => k!["value"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(401, await QuotaStatusAsync(admin, old));
    }

    [Fact]
    public async Task The_quota_tells_a_keys_holder_its_limits_and_nothing_of_others()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.MadeAsync("virtual-keys", "virtual_key", """{"name": "somebody-else"}""");
        var made = await admin.SendAsync("POST", Keys, """{"name": "mine", "budget": {"max_limit": 5, "reset_duration": "1d"}}""");
        var request = AnAdmin.Request("GET", $"{Keys}/quota?explain=true");
        request.Headers.Authorization = new("Bearer", made.Json["virtual_key"]!["value"]!.GetValue<string>());
        var answer = await admin.SendAsync(request);
        Assert.Equal(5m, answer.Json["virtual_key"]!["budgets"]![0]!["max_limit"]!.GetValue<decimal>());
        Assert.Equal(0m, answer.Json["virtual_key"]!["budget"]!["current_usage"]!.GetValue<decimal>());
        Assert.True(answer.Json["explanation"]!["can_call"]!.GetValue<bool>());
        Assert.DoesNotContain("somebody-else", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_explanation_names_every_limit_above_the_key_in_words()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var customer = await admin.MadeAsync(
            "customers",
            "customer",
            """{"name": "Acme", "budget": {"max_limit": 100, "reset_duration": "1M"}}"""
        );
        var team = await admin.MadeAsync(
            "teams",
            "team",
            $$"""{"name": "Red", "customer_id": "{{customer}}", "rate_limit": {"concurrent_max_limit": 2} }"""
        );
        await admin.MadeAsync(
            "model-configs",
            "model_config",
            """{"model_name": "gpt-5", "budget": {"max_limit": 3, "reset_duration": "1w"}}"""
        );
        var id = await admin.MadeAsync(
            "virtual-keys",
            "virtual_key",
            $$"""{"name": "a", "team_id": "{{team}}", "budget": {"max_limit": 0.25, "reset_duration": "1h"} }"""
        );
        var answer = await admin.GetAsync($"{Keys}/{id}/explain");
        var sentences = answer.Json["limits"]!.AsArray().Select(l => l!["sentence"]!.GetValue<string>()).ToList();
        Assert.Contains(
            "$0.25 of $0.25 left in the 1h budget of the key itself. It begins anew in 60 minutes (2026-11-22T13:00:00Z).",
            sentences
        );
        Assert.Contains("2 of 2 calls at once left in the limit on calls at once of team Red.", sentences);
        Assert.Contains(
            sentences,
            s => s.StartsWith("$100.00 of $100.00 left in the 1M budget of customer Acme.", StringComparison.Ordinal)
        );
        Assert.Contains(sentences, s => s.Contains("of model gpt-5", StringComparison.Ordinal));
        Assert.True(answer.Json["can_call"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_explanation_of_a_key_that_is_switched_off_says_so()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var id = await admin.MadeAsync("virtual-keys", "virtual_key", """{"name": "a", "is_active": false}""");
        var answer = await admin.GetAsync($"{Keys}/{id}/explain");
        Assert.False(answer.Json["can_call"]!.GetValue<bool>());
        Assert.Contains("switched off", answer.Json["summary"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<int> QuotaStatusAsync(AnAdmin admin, string value)
    {
        var request = AnAdmin.Request("GET", $"{Keys}/quota");
        request.Headers.Add("x-bf-vk", value);
        return (await admin.SendAsync(request)).Status;
    }
}
