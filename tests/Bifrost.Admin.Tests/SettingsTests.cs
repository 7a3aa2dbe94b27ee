using System.Text.Json.Nodes;
using Bifrost.Admin.Http;
using Bifrost.Admin.Sessions;

namespace Bifrost.Admin.Tests;

public sealed class SettingsTests
{
    private const string Secret = "sk-live-0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task The_configuration_is_read_and_changed_field_by_field()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var changed = await admin.SendAsync("PUT", "/api/config", """{"client_config": {"enforce_auth_on_inference": true}}""");
        Assert.True(changed.Status == 200, changed.Text);
        Assert.Equal("success", changed.Json["status"]!.GetValue<string>());
        await admin.SendAsync("PUT", "/api/config", """{"client_config": {"required_headers": ["x-team"]}}""");
        var client = (await admin.GetAsync("/api/config")).Json["client_config"]!;
        Assert.True(client["enforce_auth_on_inference"]!.GetValue<bool>());
        Assert.Equal("x-team", client["required_headers"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task A_mistake_in_one_half_of_the_configuration_leaves_the_other_unchanged()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.SendAsync(
            "PUT",
            "/api/config",
            """{"client_config": {"enforce_auth_on_inference": true}, "auth_config": {"admin_usrname": "x"}}"""
        );
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("auth_config.admin_usrname: ", Assert.Single(answer.Mistakes), StringComparison.Ordinal);
        Assert.False((await admin.GetAsync("/api/config")).Json["client_config"]!["enforce_auth_on_inference"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_configuration_that_was_changed_since_is_not_overwritten()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var seen = (await admin.GetAsync("/api/config")).Header("ETag");
        await admin.SendAsync("PUT", "/api/config", """{"client_config": {"enforce_auth_on_inference": true}}""");
        var request = AnAdmin.Request("PUT", "/api/config", new JsonObject { ["client_config"] = new JsonObject() });
        request.Headers.TryAddWithoutValidation("If-Match", seen);
        Assert.Equal(412, (await admin.SendAsync(request)).Status);
    }

    [Fact]
    public async Task The_configuration_is_read_as_a_file_without_its_secrets()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.SendAsync("PUT", "/api/config", """{"client_config": {"required_headers": ["x-team"]}}""");
        await admin.SendAsync("POST", "/api/providers", $$"""{"provider": "openai", "keys": [{"name": "main", "value": "{{Secret}}"}]}""");
        await admin.SendAsync("POST", "/api/governance/teams", """{"name": "Research"}""");
        var file = await admin.GetAsync("/api/config/export");
        Assert.True(file.Status == 200, file.Text);
        Assert.Equal("x-team", file.Json["client"]!["required_headers"]![0]!.GetValue<string>());
        Assert.Equal("<redacted>", file.Json["providers"]!["openai"]!["keys"]![0]!["value"]!.GetValue<string>());
        Assert.Equal("Research", file.Json["governance"]!["teams"]![0]!["name"]!.GetValue<string>());
        Assert.DoesNotContain(Secret, file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_taken_whole_with_the_secrets_that_are_here()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.SendAsync("POST", "/api/providers", $$"""{"provider": "openai", "keys": [{"name": "main", "value": "{{Secret}}"}]}""");
        var before = (await admin.GetAsync("/api/keys")).Text;
        var file = (await admin.GetAsync("/api/config/export")).Json.AsObject();
        file["client"] = new JsonObject { ["required_headers"] = new JsonArray("x-team") };
        file["providers"]!["openai"]!["network_config"] = new JsonObject { ["max_retries"] = 3 };
        file["governance"] = new JsonObject();

        var taken = await admin.SendAsync("POST", "/api/config/import", file.ToJsonString());

        Assert.True(taken.Status == 200, taken.Text);
        Assert.Contains("`governance` is not taken", taken.Json["warnings"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("x-team", (await admin.GetAsync("/api/config")).Json["client_config"]!["required_headers"]![0]!.GetValue<string>());
        Assert.Equal(3, (await admin.GetAsync("/api/providers/openai")).Json["network_config"]!["max_retries"]!.GetValue<int>());
        Assert.Equal(before, (await admin.GetAsync("/api/keys")).Text);
    }

    [Fact]
    public async Task Of_a_file_with_mistakes_nothing_is_taken_and_all_are_told()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var keys = (await admin.GetAsync("/api/keys")).Text;
        var answer = await admin.SendAsync(
            "POST",
            "/api/config/import",
            """
            {
              "client": {"required_headers": ["x-team"], "alow_direct_keys": true},
              "providers": {
                "openai": {"keys": [{"name": "main", "value": "<redacted>"}]},
                "replicate": {"keys": [{"name": "main", "value": "r8_0123456789", "wieght": 1}]},
                "nobody": {"keys": []}
              },
              "auth_config": {"admin_usrname": "x"}
            }
            """
        );
        Assert.Equal(400, answer.Status);
        string[] wrong =
        [
            "client.alow_direct_keys",
            "providers.openai.keys[0].value",
            "providers.replicate.keys[0].wieght",
            "providers.nobody",
            "auth_config.admin_usrname",
        ];
        Assert.All(wrong, path => Assert.Single(answer.Mistakes, m => m.StartsWith($"{path}: ", StringComparison.Ordinal)));
        Assert.Equal(keys, (await admin.GetAsync("/api/keys")).Text);
        Assert.DoesNotContain("x-team", (await admin.GetAsync("/api/config")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_nothing_to_take_is_refused()
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(400, (await admin.SendAsync("POST", "/api/config/import", """{"governance": {}}""")).Status);
        Assert.Equal(400, (await admin.SendAsync("POST", "/api/config/import", """{"providers": []}""")).Status);
    }

    [Fact]
    public async Task A_provider_is_configured_read_changed_and_taken_away()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var made = await admin.SendAsync(
            "POST",
            "/api/providers",
            $$"""{"provider": "openai", "keys": [{"name": "main", "value": "{{Secret}}", "weight": 1}]}"""
        );
        Assert.True(made.Status == 201, made.Text);
        Assert.Equal(409, (await admin.SendAsync("POST", "/api/providers", """{"provider": "openai"}""")).Status);
        var list = await admin.GetAsync("/api/providers");
        Assert.Equal(1, list.Json["total"]!.GetValue<int>());
        Assert.Equal("openai", list.Json["providers"]![0]!["name"]!.GetValue<string>());
        var changed = await admin.SendAsync("PUT", "/api/providers/openai", """{"network_config": {"max_retries": 5}}""");
        Assert.True(changed.Status == 200, changed.Text);
        Assert.Equal(5, changed.Json["network_config"]!["max_retries"]!.GetValue<int>());
        Assert.Single(changed.Json["keys"]!.AsArray());
        Assert.Equal(200, (await admin.DeleteAsync("/api/providers/openai")).Status);
        Assert.Equal(404, (await admin.GetAsync("/api/providers/openai")).Status);
    }

    [Fact]
    public async Task A_key_sent_back_as_it_was_shown_keeps_its_value()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.SendAsync("PUT", "/api/providers/openai", """{"keys": []}""");
        var made = await admin.SendAsync("POST", "/api/providers/openai/keys", $$"""{"name": "main", "value": "{{Secret}}"}""");
        Assert.True(made.Status == 201, made.Text);
        var id = made.Json["id"]!.GetValue<string>();
        var shown = (await admin.GetAsync($"/api/providers/openai/keys/{id}")).Json;
        shown["weight"] = 3;
        var back = await admin.SendAsync("PUT", $"/api/providers/openai/keys/{id}", shown.ToJsonString());
        Assert.True(back.Status == 200, back.Text);
        var key = Assert.Single(admin.Parts.Settings.Config.Providers["openai"].Keys);
        Assert.Equal(Secret, key.Value.Reveal());
        Assert.Equal(3, key.Weight);
        Assert.Equal(409, (await admin.SendAsync("POST", "/api/providers/openai/keys", """{"name": "main", "value": "x"}""")).Status);
        Assert.Equal(1, (await admin.GetAsync("/api/providers/openai/keys")).Json["total"]!.GetValue<int>());
        Assert.Equal("openai", Assert.Single((await admin.GetAsync("/api/keys")).Json.AsArray())!["provider"]!.GetValue<string>());
        Assert.Equal(200, (await admin.DeleteAsync($"/api/providers/openai/keys/{id}")).Status);
        Assert.Equal(404, (await admin.GetAsync($"/api/providers/openai/keys/{id}")).Status);
    }

    [Fact]
    public async Task A_mistake_in_a_provider_is_told_with_what_was_meant()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.SendAsync("PUT", "/api/providers/openai", """{"network_confg": {}, "keys": [{"value": 5}]}""");
        Assert.Equal(400, answer.Status);
        Assert.Contains(
            answer.Mistakes,
            m => m.StartsWith("network_confg: ", StringComparison.Ordinal) && m.Contains("network_config", StringComparison.Ordinal)
        );
        Assert.True(answer.Mistakes.Count > 1, answer.Text);
    }

    [Fact]
    public async Task No_answer_ever_holds_a_secret()
    {
        await using var admin = await AnAdmin.LockedAsync();
        await admin.SendAsync("PUT", "/api/providers/openai", $$"""{"keys": [{"name": "main", "value": "{{Secret}}"}]}""");
        await admin.SendAsync("PUT", "/api/providers/openai", $$"""{"keyz": [{"name": "main", "value": "{{Secret}}"}]}""");
        await admin.SendAsync("PUT", "/api/proxy-config", """{"url": "http://user:proxy-password@proxy.example:3128"}""");
        await admin.SendAsync(
            "PUT",
            "/api/proxy-config",
            """{"enabled": true, "type": "http", "url": "http://proxy.example:3128", "password": "proxy-password"}"""
        );
        await admin.SendAsync("PUT", "/api/config", """{"auth_config": {"admin_passwort": "admin-password"}}""");
        await admin.SendAsync("POST", "/api/session/login", """{"username": "admin", "password": {"x": "admin-password"}}""");
        await admin.SendAsync("POST", "/api/governance/virtual-keys", """{"name": "a"}""");
        admin.Seen.RemoveAt(admin.Seen.Count - 1);
        var values = admin.Parts.Registry.Now.VirtualKeys.Values.Select(k => k.ValueHash).ToList();
        foreach (var route in admin.Surface.Routes.Where(r => r.Method == "GET" && !r.Pattern.Contains('{', StringComparison.Ordinal)))
        {
            // What is watched never ends, and says nothing but rows.
            if (route.Guard != Guard.Ticket)
            {
                await admin.GetAsync(route.Pattern);
            }
        }

        await admin.GetAsync("/api/providers/openai");
        var everything = string.Join('\n', admin.Seen);
        string[] secrets = [Secret, "proxy-password", "admin-password", AnAdmin.Password, "$argon2id", .. values];
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_price_is_set_thought_of_and_taken_away()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var usage =
            """{"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1000000, "output_tokens": 100000}, "rates": {"input": 1, "output": 2.5}}""";
        var preview = await admin.SendAsync("POST", "/api/governance/pricing-overrides/preview", usage);
        Assert.True(preview.Status == 200, preview.Text);
        Assert.Equal(1.25m, preview.Json["proposed"]!["total"]!.GetValue<decimal>());
        Assert.True(preview.Json["current"]!["total"]!.GetValue<decimal>() > 1.25m);
        var wrong = await admin.SendAsync(
            "POST",
            "/api/governance/pricing-overrides/preview",
            usage.Replace("\"input\": 1,", "\"inputs\": 1,", StringComparison.Ordinal)
        );
        Assert.Equal("rates: inputs is no kind of price.", Assert.Single(wrong.Mistakes));
    }

    [Fact]
    public async Task A_price_of_ones_own_is_set_read_changed_and_taken_away()
    {
        const string Prices = "/api/governance/pricing-overrides";
        await using var admin = await AnAdmin.OpenAsync();
        var body =
            """{"name": "ours", "scope_kind": "provider", "provider_id": "openai", "pattern": "gpt-4o", "rates": {"input": 1, "output": 2}}""";
        var made = await admin.SendAsync("POST", Prices, body);
        Assert.True(made.Status == 201, made.Text);
        var id = made.Json["pricing_override"]!["id"]!.GetValue<string>();
        Assert.Equal(1, (await admin.GetAsync(Prices)).Json["count"]!.GetValue<int>());
        Assert.Equal(2m, await CostAsync());
        var changed = await admin.SendAsync("PATCH", $"{Prices}/{id}", """{"rates": {"output": 3}}""");
        Assert.True(changed.Status == 200, changed.Text);
        Assert.Equal(3m, await CostAsync());
        var request = AnAdmin.Request("DELETE", $"{Prices}/{id}");
        request.Headers.TryAddWithoutValidation("If-Match", made.Header("ETag"));
        Assert.Equal(412, (await admin.SendAsync(request)).Status);
        Assert.Equal(200, (await admin.DeleteAsync($"{Prices}/{id}")).Status);
        Assert.Equal(404, (await admin.GetAsync($"{Prices}/{id}")).Status);
        var mistaken = await admin.SendAsync("POST", Prices, """{"scope_kind": "provider", "pattern": "gpt-4o", "ratse": {}}""");
        Assert.Contains(mistaken.Mistakes, m => m.StartsWith("ratse: ", StringComparison.Ordinal));

        async Task<decimal> CostAsync() =>
            (
                await admin.SendAsync(
                    "POST",
                    $"{Prices}/preview",
                    """{"provider": "openai", "model": "gpt-4o", "usage": {"output_tokens": 1000000}}"""
                )
            ).Json["current"]!["total"]!.GetValue<decimal>();
    }

    [Fact]
    public async Task The_proxy_is_set_without_showing_its_password_and_taken_away()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var body = """{"enabled": true, "type": "http", "url": "http://proxy.example:3128", "username": "u", "password": "p-secret"}""";
        var set = await admin.SendAsync("PUT", "/api/proxy-config", body);
        Assert.True(set.Status == 200, set.Text);
        Assert.DoesNotContain("p-secret", set.Text, StringComparison.Ordinal);
        var changed = await admin.SendAsync("PATCH", "/api/proxy-config", """{"enabled": false, "username": null}""");
        Assert.False(changed.Json["enabled"]!.GetValue<bool>());
        Assert.Null(changed.Json["username"]);
        Assert.Equal("http://proxy.example:3128", (await admin.GetAsync("/api/proxy-config")).Json["url"]!.GetValue<string>());
        Assert.Equal(400, (await admin.SendAsync("PUT", "/api/proxy-config", """{"urll": "x"}""")).Status);
    }

    [Fact]
    public async Task A_model_nobody_knows_has_no_price_and_not_a_price_of_nothing()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var preview = await admin.SendAsync(
            "POST",
            "/api/governance/pricing-overrides/preview",
            """{"provider": "openai", "model": "no-such-model", "usage": {"input_tokens": 5}}"""
        );
        Assert.Null(preview.Json["current"]);
    }

    [Fact]
    public async Task Models_are_found_by_a_part_of_their_name()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.SendAsync(
            "PUT",
            "/api/providers/openai",
            """{"keys": [{"name": "main", "id": "k1", "value": "v", "models": ["my_own-model", "gpt-4o"]}]}"""
        );
        var found = await admin.GetAsync("/api/models?query=OWNMODEL");
        var model = Assert.Single(found.Json["models"]!.AsArray())!;
        Assert.Equal("my_own-model", model["name"]!.GetValue<string>());
        Assert.Equal("k1", model["accessible_by_keys"]![0]!.GetValue<string>());
        Assert.Equal("my_own-model", (await admin.GetAsync("/api/models?query=mwnmdl")).Json["models"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(2, (await admin.GetAsync("/api/models?limit=100")).Json["total"]!.GetValue<int>());
        Assert.True((await admin.GetAsync("/api/models?limit=100&unfiltered=true")).Json["total"]!.GetValue<int>() > 2);
        Assert.Equal(400, (await admin.GetAsync("/api/models?limit=x")).Status);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("*", true)]
    [InlineData("::", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    public async Task Where_others_can_reach_it_an_account_is_made_once(string host, bool made)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var credential = await AdminCredential.EnsureAsync(admin.Parts.Settings, host, default);
        Assert.Equal(made, credential is not null);
        Assert.Null(await AdminCredential.EnsureAsync(admin.Parts.Settings, host, default));
        Assert.Equal(made ? 401 : 200, (await admin.GetAsync("/api/config")).Status);
        if (credential is not null)
        {
            admin.Client.DefaultRequestHeaders.Authorization = new("Bearer", await admin.LoginAsync(credential.User, credential.Password));
            Assert.Equal(200, (await admin.GetAsync("/api/config")).Status);
            Assert.DoesNotContain(credential.Password, credential.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_account_that_exists_is_left_alone()
    {
        await using var admin = await AnAdmin.LockedAsync();
        Assert.Null(await AdminCredential.EnsureAsync(admin.Parts.Settings, "0.0.0.0", default));
        Assert.Equal(200, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task Models_are_found_with_what_they_hold_and_cost_and_whose_word_that_is()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.SendAsync("POST", "/api/providers", $$"""{"provider": "openai", "keys": [{"name": "main", "value": "{{Secret}}"}]}""");
        var found = (await admin.GetAsync("/api/models/details?query=gpt-4o-mini&limit=1000")).Json;
        var model = found["models"]!.AsArray().Single(m => (string)m!["name"]! == "gpt-4o-mini")!;
        Assert.Equal(
            (128_000, 0.15m, 0.6m),
            ((int)model["context_length"]!, (decimal)model["pricing"]!["input"]!, (decimal)model["pricing"]!["output"]!)
        );
        Assert.NotEmpty((string)model["price_source"]!);
        Assert.Matches(@"^\d{4}-\d{2}", (string)model["price_date"]!);
    }
}
