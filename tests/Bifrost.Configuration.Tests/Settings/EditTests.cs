using System.Text.Json.Nodes;
using Bifrost.Configuration.Settings;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;

namespace Bifrost.Configuration.Tests.Settings;

public sealed class EditTests : IAsyncDisposable
{
    private const string File = """
        {"providers": {"openai": {
          "keys": [{"name": "main", "value": "sk-0123456789abcdefghij"}],
          "network_config": {"extra_headers": {"x-org": "hush"}, "max_retries": 1}
        }}}
        """;

    private readonly AStart _start = new();

    [Fact]
    public async Task What_is_left_out_stays_and_null_goes_back_to_the_default()
    {
        var settings = await _start.OpenAsync("""{"client": {"max_request_body_size_mb": 50, "shutdown_seconds": 5}}""");

        var outcome = await settings.PatchClientAsync(
            AStart.Json("""{"max_request_body_size_mb": null, "strict_parameters": true}"""),
            default
        );

        Assert.True(outcome.IsDone);
        Assert.Equal(100, settings.Client.MaxRequestBodySizeMb);
        Assert.Equal(5, settings.Client.ShutdownSeconds);
        Assert.True(settings.ClientDocument()["strict_parameters"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_the_request_log_keeps_is_edited_and_shown()
    {
        var settings = await _start.OpenAsync(
            """{"client": {"log_retention_days": 30, "log_max_mb": 500, "logging_headers": ["x-user"]}}"""
        );

        var outcome = await settings.PatchClientAsync(
            AStart.Json(
                """{"disable_content_logging": true, "log_max_mb": null, "log_secret_patterns": ["ACME-[0-9]+"], "enable_logging": false}"""
            ),
            default
        );

        Assert.True(outcome.IsDone);
        var log = settings.Client.Log;
        Assert.Equal((false, false, 30, (int?)null), (log.Enabled, log.Content, log.RetentionDays, log.MaxMb));
        Assert.Equal(["ACME-[0-9]+"], log.SecretPatterns);
        Assert.Equal(["x-user"], log.Headers);
        var shown = settings.ClientDocument();
        Assert.False(shown["enable_logging"]!.GetValue<bool>());
        Assert.True(shown["disable_content_logging"]!.GetValue<bool>());
        Assert.Equal(64, shown["log_content_max_kb"]!.GetValue<int>());
        Assert.Null(shown["log_max_mb"]);
    }

    [Fact]
    public async Task An_edit_of_something_else_leaves_what_the_log_keeps_the_same_object()
    {
        var settings = await _start.OpenAsync(File);
        var before = settings.Client.Log;

        Assert.True(
            (await settings.PatchProviderAsync("openai", AStart.Json("""{"network_config": {"max_retries": 3}}"""), default)).IsDone
        );

        Assert.Same(before, settings.Client.Log);
    }

    [Fact]
    public async Task A_mistake_changes_nothing_and_all_of_them_are_told()
    {
        var settings = await _start.OpenAsync(File);
        var saves = _start.Store.Saves;

        var outcome = await settings.PatchProviderAsync(
            "openai",
            AStart.Json("""{"network_config": {"max_retries": -1, "max_retry": 2}, "keys": [{"name": "main", "weight": "much"}]}"""),
            default
        );

        Assert.Equal(EditStatus.Mistaken, outcome.Status);
        Assert.Equal(
            ["keys[0].weight", "network_config.max_retries", "network_config.max_retry"],
            outcome.Mistakes.Select(m => m.Path).Order(StringComparer.Ordinal)
        );
        Assert.Contains("Did you mean `max_retries`?", outcome.Mistakes.Single(m => m.Path == "network_config.max_retry").Message);
        Assert.Equal(1, settings.Config.Providers["openai"].Network.MaxRetries);
        Assert.Equal(saves, _start.Store.Saves);
    }

    [Fact]
    public async Task A_mistake_in_a_key_has_its_place_in_that_key()
    {
        var settings = await _start.OpenAsync(File);

        var outcome = await settings.AddKeyAsync("openai", AStart.Json("""{"name": "b", "value": "has space"}"""), default);

        Assert.Equal("value", Assert.Single(outcome.Mistakes).Path);
    }

    [Fact]
    public async Task What_is_shown_holds_no_secret_and_may_be_sent_back()
    {
        var settings = await _start.OpenAsync(File);
        var shown = settings.Find("openai")!.Whole();
        Assert.DoesNotContain("sk-0123456789abcdefghij", shown.ToJsonString());
        Assert.DoesNotContain("hush", shown.ToJsonString());
        shown["network_config"]!["max_retries"] = 4;

        var outcome = await settings.PatchProviderAsync("openai", AStart.Json(shown.ToJsonString()), default);

        Assert.Empty(outcome.Mistakes);
        var openai = settings.Config.Providers["openai"];
        Assert.Equal("sk-0123456789abcdefghij", openai.Keys[0].Value.Reveal());
        Assert.Equal("hush", openai.Network.ExtraHeaders["x-org"]);
        Assert.Equal(4, openai.Network.MaxRetries);
    }

    [Theory]
    [InlineData("""{"value": "<redacted>"}""", "sk-0123456789abcdefghij")]
    [InlineData("""{"weight": 2}""", "sk-0123456789abcdefghij")]
    [InlineData("""{"value": {"value": "", "env_var": "env.OPENAI_API_KEY", "from_env": true}}""", "sk-from-environment")]
    [InlineData("""{"value": {"value": "sk-new", "env_var": "", "from_env": false}}""", "sk-new")]
    [InlineData("""{"value": "sk-newer"}""", "sk-newer")]
    public async Task A_keys_value_may_be_sent_in_many_forms(string patch, string value)
    {
        var settings = await _start.OpenAsync(File);
        var key = settings.Keys.Single();

        var outcome = await settings.PatchKeyAsync("openai", key.Id, AStart.Json(patch), default);

        Assert.Empty(outcome.Mistakes);
        Assert.Equal(value, settings.Config.Providers["openai"].Keys[0].Value.Reveal());
    }

    [Fact]
    public async Task Outcomes_tell_what_is_not_there_from_what_is_there_already()
    {
        var settings = await _start.OpenAsync(File);
        var nothing = AStart.Json("{}");

        Assert.Equal(EditStatus.NotFound, (await settings.PatchProviderAsync("replicate", nothing, default)).Status);
        Assert.Equal(EditStatus.NotFound, (await settings.PatchKeyAsync("openai", "no", nothing, default)).Status);
        Assert.Equal(EditStatus.NotFound, (await settings.DeletePriceOverrideAsync("no", default)).Status);
        Assert.Equal(EditStatus.Conflict, (await settings.CreateProviderAsync("openai", nothing, default)).Status);
        Assert.Equal(
            EditStatus.Conflict,
            (await settings.AddKeyAsync("openai", AStart.Json("""{"name": "main", "value": "x"}"""), default)).Status
        );
    }

    [Fact]
    public async Task A_store_that_is_down_keeps_everything_as_it_was()
    {
        var settings = await _start.OpenAsync(File);
        _start.Store.IsDown = true;

        var outcome = await settings.DeleteProviderAsync("openai", default);

        Assert.Equal(EditStatus.StoreDown, outcome.Status);
        Assert.NotNull(settings.Find("openai"));
    }

    [Fact]
    public async Task Without_a_store_nothing_can_be_edited()
    {
        var settings = await _start.OpenAsync(File, keeps: false);

        Assert.Equal(EditStatus.NotKept, (await settings.PatchClientAsync(AStart.Json("{}"), default)).Status);
        Assert.Equal("sk-0123456789abcdefghij", settings.Config.Providers["openai"].Keys[0].Value.Reveal());
    }

    [Fact]
    public async Task An_edit_is_in_the_world_at_once_and_connections_that_did_not_change_stay()
    {
        var settings = await _start.OpenAsync(File);
        var builder = new WorldBuilder(AConfig.Kinds, AConfig.NotServed);
        var world = new WorldHolder(builder.Build(settings.Config));
        settings.Attach(world, builder);
        var before = world.Now;

        await settings.AddKeyAsync("openai", AStart.Json("""{"name": "b", "value": "sk-b"}"""), default);

        Assert.Equal(2, world.Now.Providers["openai"].Keys.Count);
        Assert.Single(before.Providers["openai"].Keys);
        Assert.Same(before.Providers["openai"].Http, world.Now.Providers["openai"].Http);
        Assert.Same(before.Providers["replicate"], world.Now.Providers["replicate"]);

        await settings.PatchProviderAsync("openai", AStart.Json("""{"network_config": {"max_conns_per_host": 3}}"""), default);

        Assert.NotSame(before.Providers["openai"].Http, world.Now.Providers["openai"].Http);
        Assert.Equal(3, world.Now.Providers["openai"].Network.MaxConnectionsPerHost);
    }

    [Fact]
    public async Task A_proxy_gives_every_provider_new_connections()
    {
        var settings = await _start.OpenAsync(File);
        var builder = new WorldBuilder(AConfig.Kinds, AConfig.NotServed);
        var world = new WorldHolder(builder.Build(settings.Config));
        settings.Attach(world, builder);
        var before = world.Now;

        var outcome = await settings.PatchProxyAsync(
            AStart.Json("""{"enabled": true, "type": "http", "url": "http://proxy.example:3128", "password": "hush"}"""),
            default
        );

        Assert.Empty(outcome.Mistakes);
        Assert.Equal("proxy.example", world.Now.Proxy!.Address.Host);
        Assert.NotSame(before.Providers["openai"].Http, world.Now.Providers["openai"].Http);
        Assert.NotSame(before.Providers["replicate"].Http, world.Now.Providers["replicate"].Http);
        Assert.DoesNotContain("hush", settings.ProxyDocument().ToJsonString());
        Assert.DoesNotContain("hush", await _start.StoredAsync());
    }

    [Fact]
    public async Task Prices_are_in_force_at_once()
    {
        var settings = await _start.OpenAsync(File);

        var outcome = await settings.AddPriceOverrideAsync(
            AStart.Json("""{"scope_kind": "global", "pattern": "mine", "rates": {"input": 2}}"""),
            default
        );

        Assert.Empty(outcome.Mistakes);
        Assert.NotNull(settings.PriceOverrides.Apply(null, new PriceScope("openai"), "mine"));
        await settings.DeletePriceOverrideAsync(outcome.Id!, default);
        Assert.Null(settings.PriceOverrides.Apply(null, new PriceScope("openai"), "mine"));
    }

    [Fact]
    public async Task A_price_may_be_for_some_kinds_of_request_only()
    {
        var settings = await _start.OpenAsync(File);

        var outcome = await settings.AddPriceOverrideAsync(
            AStart.Json(
                """{"scope_kind": "global", "pattern": "mine", "request_types": ["embedding", "chat_completion_stream"], "rates": {"input": 2}}"""
            ),
            default
        );

        Assert.Empty(outcome.Mistakes);
        Assert.NotNull(settings.PriceOverrides.Apply(null, new PriceScope("openai", Operation: Operation.Chat), "mine"));
        Assert.NotNull(settings.PriceOverrides.Apply(null, new PriceScope("openai", Operation: Operation.Embedding), "mine"));
        Assert.Null(settings.PriceOverrides.Apply(null, new PriceScope("openai", Operation: Operation.Response), "mine"));
    }

    [Fact]
    public async Task A_kind_of_request_that_does_not_exist_is_a_mistake()
    {
        var settings = await _start.OpenAsync(File);

        var outcome = await settings.AddPriceOverrideAsync(
            AStart.Json("""{"scope_kind": "global", "pattern": "mine", "request_types": ["chat"], "rates": {"input": 2}}"""),
            default
        );

        Assert.Equal("request_types[0]", Assert.Single(outcome.Mistakes).Path);
    }

    [Fact]
    public async Task Every_mistake_in_a_price_is_told()
    {
        var settings = await _start.OpenAsync(File);

        var outcome = await settings.AddPriceOverrideAsync(
            AStart.Json("""{"scope_kind": "provider", "pattern": "a*b", "rates": {"inptu": 2}}"""),
            default
        );

        Assert.Equal(
            ["pattern", "provider_id", "rates.inptu"],
            outcome.Mistakes.Select(m => m.Path).Where(p => p != "rates").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_administrator_cannot_be_locked_out_by_switching_the_login_on_without_a_password()
    {
        var settings = await _start.OpenAsync(File);

        var outcome = await settings.PatchAuthAsync(AStart.Json("""{"is_enabled": true}"""), default);

        Assert.Equal(["admin_password", "admin_username"], outcome.Mistakes.Select(m => m.Path).Order(StringComparer.Ordinal));
        Assert.False(settings.Auth.IsEnabled);
    }

    [Fact]
    public async Task An_export_starts_again_with_the_secrets_put_back()
    {
        var settings = await _start.OpenAsync(File);
        var file = settings.Export(null);
        Assert.DoesNotContain("0123456789", file.ToJsonString());

        var reading = AConfig.Read(
            file.ToJsonString().Replace("\\u003Credacted\\u003E", "sk-again", StringComparison.Ordinal),
            AStart.Environment
        );

        Assert.Equal("sk-again", reading.Good().Providers["openai"].Keys[0].Value.Reveal());
        Assert.IsType<JsonObject>(file["providers"]);
    }

    public ValueTask DisposeAsync() => _start.DisposeAsync();
}
