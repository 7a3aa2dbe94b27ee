using Bifrost.Configuration.Settings;

namespace Bifrost.Configuration.Tests.Settings;

public sealed class ReconciliationTests : IAsyncDisposable
{
    private const string File = """
        {
          "client": {"max_request_body_size_mb": 50},
          "providers": {"openai": {
            "keys": [{"name": "a", "value": "sk-aaaaaaaaaaaaaaaaaaaa"}, {"name": "b", "value": "env.OPENAI_API_KEY"}],
            "network_config": {"max_retries": 1}
          }}
        }
        """;

    private readonly AStart _start = new();

    [Fact]
    public async Task What_only_the_file_has_is_kept()
    {
        await _start.OpenAsync(File);

        var settings = await _start.OpenAsync("{}");

        Assert.Equal(50, settings.Client.MaxRequestBodySizeMb);
        Assert.Equal(["a", "b"], settings.Find("openai")!.Keys.Select(k => k.Name));
        Assert.Equal("sk-aaaaaaaaaaaaaaaaaaaa", settings.Config.Providers["openai"].Keys[0].Value.Reveal());
    }

    [Fact]
    public async Task A_second_start_with_the_same_file_writes_nothing()
    {
        await _start.OpenAsync(File);
        var saves = _start.Store.Saves;

        await _start.OpenAsync(File);

        Assert.Equal(saves, _start.Store.Saves);
    }

    [Fact]
    public async Task An_edit_survives_a_start_with_the_same_file()
    {
        var settings = await _start.OpenAsync(File);
        await settings.PatchClientAsync(AStart.Json("""{"max_request_body_size_mb": 7}"""), CancellationToken.None);
        await settings.PatchProviderAsync("openai", AStart.Json("""{"network_config": {"max_retries": 9}}"""), CancellationToken.None);
        await settings.AddKeyAsync("openai", AStart.Json("""{"name": "c", "value": "sk-c"}"""), CancellationToken.None);

        settings = await _start.OpenAsync(File);

        Assert.Equal(7, settings.Client.MaxRequestBodySizeMb);
        Assert.Equal(9, settings.Config.Providers["openai"].Network.MaxRetries);
        Assert.Equal(["a", "b", "c"], settings.Find("openai")!.Keys.Select(k => k.Name));
    }

    [Fact]
    public async Task What_the_file_has_changed_is_the_files_again()
    {
        var settings = await _start.OpenAsync(File);
        await settings.PatchClientAsync(AStart.Json("""{"max_request_body_size_mb": 7}"""), CancellationToken.None);
        await settings.PatchProviderAsync("openai", AStart.Json("""{"network_config": {"max_retries": 9}}"""), CancellationToken.None);

        settings = await _start.OpenAsync(File.Replace("50", "60", StringComparison.Ordinal));

        Assert.Equal(60, settings.Client.MaxRequestBodySizeMb);
        Assert.Equal(9, settings.Config.Providers["openai"].Network.MaxRetries);
    }

    [Fact]
    public async Task A_key_taken_out_of_the_file_is_gone()
    {
        await _start.OpenAsync(File);

        var settings = await _start.OpenAsync(
            File.Replace("""{"name": "a", "value": "sk-aaaaaaaaaaaaaaaaaaaa"}, """, "", StringComparison.Ordinal)
        );

        Assert.Equal(["b"], settings.Find("openai")!.Keys.Select(k => k.Name));
        Assert.DoesNotContain("\"a\"", await _start.StoredAsync());
    }

    [Fact]
    public async Task A_key_made_through_the_API_goes_when_the_file_rewrites_its_provider()
    {
        var settings = await _start.OpenAsync(File);
        await settings.AddKeyAsync("openai", AStart.Json("""{"name": "c", "value": "sk-c"}"""), CancellationToken.None);

        settings = await _start.OpenAsync(File.Replace("\"max_retries\": 1", "\"max_retries\": 2", StringComparison.Ordinal));

        Assert.Equal(["a", "b"], settings.Find("openai")!.Keys.Select(k => k.Name));
    }

    [Fact]
    public async Task Keys_keep_their_ids()
    {
        var before = (await _start.OpenAsync(File)).Find("openai")!.Keys.Select(k => k.Id).ToArray();

        var after = (await _start.OpenAsync(File.Replace("sk-aaaaaaaaaaaaaaaaaaaa", "sk-other", StringComparison.Ordinal)))
            .Find("openai")!
            .Keys;

        Assert.Equal(before, after.Select(k => k.Id));
        Assert.All(before, id => Assert.True(Guid.TryParse(id, out _)));
    }

    [Fact]
    public async Task No_secret_is_kept_in_clear_and_references_stay_references()
    {
        await _start.OpenAsync(File);

        var stored = await _start.StoredAsync();

        Assert.DoesNotContain("sk-aaaaaaaaaaaaaaaaaaaa", stored);
        Assert.DoesNotContain("sk-from-environment", stored);
        Assert.Contains("env.OPENAI_API_KEY", stored);
    }

    [Fact]
    public async Task What_the_environment_has_is_in_force_and_not_kept()
    {
        var settings = await _start.OpenAsync(null);

        var openai = settings.Find("openai")!;
        Assert.Equal(Origin.Environment, openai.Origin);
        Assert.Equal("sk-from-environment", openai.Config!.Keys[0].Value.Reveal());
        Assert.Equal("", await _start.StoredAsync());
    }

    [Fact]
    public async Task A_provider_of_the_environment_is_kept_once_it_is_edited()
    {
        var settings = await _start.OpenAsync(null);
        var id = settings.Find("openai")!.Keys[0].Id;
        await settings.PatchProviderAsync("openai", AStart.Json("""{"network_config": {"max_retries": 9}}"""), CancellationToken.None);

        settings = await _start.OpenAsync(null);

        Assert.Equal(9, settings.Config.Providers["openai"].Network.MaxRetries);
        Assert.Equal(id, settings.Find("openai")!.Keys[0].Id);
        Assert.Contains("env.OPENAI_API_KEY", await _start.StoredAsync());
    }

    [Fact]
    public async Task A_kept_provider_that_cannot_be_used_keeps_nobody_from_starting()
    {
        await _start.OpenAsync(File.Replace("openai\": {", "openai\": {\"description\": \"x\",", StringComparison.Ordinal));
        var stored = (await _start.Store.LoadAsync(CancellationToken.None)).Single(s => s.Kind == "provider");
        var broken = System.Text.Encoding.UTF8.GetBytes("""{"network_config": {"base_url": "env.NOT_SET"}}""");
        await _start.Store.SaveAsync([new(stored with { Json = broken })], CancellationToken.None);

        var settings = await _start.OpenAsync("{}");

        Assert.Contains("NOT_SET", settings.Find("openai")!.Trouble);
        Assert.Contains("cannot be used", Assert.Single(_start.Warnings));
        Assert.False(settings.Config.Providers.ContainsKey("openai"));
    }

    [Theory]
    [InlineData("correct horse", "first", true)]
    [InlineData("another one", "first", false)]
    public async Task A_password_changed_through_the_API_survives_until_the_file_has_another(string inFile, string username, bool survives)
    {
        string Auth(string password) =>
            $$"""{"auth_config": {"is_enabled": true, "admin_username": "{{username}}", "admin_password": "{{password}}"} }""";
        var settings = await _start.OpenAsync(Auth("correct horse"));
        await settings.PatchAuthAsync(AStart.Json("""{"admin_password": "changed"}"""), CancellationToken.None);

        settings = await _start.OpenAsync(Auth(inFile));

        Assert.Equal(survives, new AHasher().Verify("changed", settings.Auth.PasswordHash!));
        Assert.Equal(!survives, new AHasher().Verify(inFile, settings.Auth.PasswordHash!));
        Assert.DoesNotContain("correct horse", await _start.StoredAsync());
    }

    public ValueTask DisposeAsync() => _start.DisposeAsync();
}
