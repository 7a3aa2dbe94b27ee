namespace Bifrost.Configuration.Tests;

public sealed class EnvironmentTests
{
    private const string Mine = """{"providers": {"openai": {"keys": [{"name": "a", "value": "env.MY_KEY"}]}}}""";

    [Fact]
    public void A_reference_becomes_the_variables_value() =>
        Assert.Equal("sk-1", AConfig.Read(Mine, ("MY_KEY", "sk-1")).Good().Providers["openai"].Keys[0].Value.Reveal());

    [Fact]
    public void The_line_break_that_files_bring_along_is_dropped() =>
        Assert.Equal("sk-1", AConfig.Read(Mine, ("MY_KEY", "sk-1\r\n")).Good().Providers["openai"].Keys[0].Value.Reveal());

    [Fact]
    public void A_variable_that_is_not_set_is_a_mistake() =>
        Assert.Equal(
            "providers.openai.keys[0].value: the environment variable \"MY_KEY\" is not set. Set it before Bifrost starts.",
            AConfig.Read(Mine).Mistake()
        );

    [Fact]
    public void One_that_is_empty_counts_as_not_set() => Assert.Contains("is not set", AConfig.Read(Mine, ("MY_KEY", "")).Mistake());

    [Fact]
    public void A_key_that_is_switched_off_needs_no_variable()
    {
        var key = AConfig.Read(Mine.Replace("\"name\"", "\"enabled\": false, \"name\"")).Good().Providers["openai"].Keys[0];

        Assert.False(key.Enabled);
        Assert.True(key.Value.IsEmpty);
    }

    [Fact]
    public void A_provider_that_is_not_served_needs_no_variable() =>
        AConfig.Read("""{"providers": {"anthropic": {"keys": [{"name": "a", "value": "env.ANTHROPIC_API_KEY"}]}}}""").Good();

    [Fact]
    public void Addresses_headers_and_secrets_may_be_references()
    {
        var config = AConfig
            .Read(
                """
                {"client": {"public_url": "env.PUBLIC"},
                 "providers": {"replicate": {
                   "keys": [{"name": "a", "value": "r8", "replicate_key_config": {"secrets": {"openai_api_key": "env.INNER"}}}],
                   "network_config": {"base_url": "env.BASE", "extra_headers": {"x-org": "env.ORG"}}}}}
                """,
                ("PUBLIC", "https://a.example"),
                ("INNER", "sk-2"),
                ("BASE", "http://b.example"),
                ("ORG", "ours")
            )
            .Good();

        var provider = config.Providers["replicate"];
        Assert.Equal(new Uri("https://a.example"), config.Client.PublicUrl);
        Assert.Equal(new Uri("http://b.example"), provider.Network.BaseUrl);
        Assert.Equal("ours", provider.Network.ExtraHeaders["x-org"]);
        Assert.Equal("sk-2", provider.Keys[0].Extras!.Value.GetProperty("secrets").GetProperty("openai_api_key").GetString());
    }

    [Fact]
    public void A_bad_value_is_blamed_on_the_variable() =>
        Assert.StartsWith(
            "providers.openai.network_config.base_url: the value of BASE is not an absolute address.",
            AConfig.Read(AConfig.WithNetwork("\"base_url\": \"env.BASE\""), ("BASE", "nowhere")).Mistake()
        );

    [Fact]
    public void A_provider_the_file_does_not_mention_takes_its_key_from_the_environment()
    {
        var reading = AConfig.Read(AConfig.WithKey("\"id\": \"1\""), ("REPLICATE_API_TOKEN", "r8"), ("OPENAI_API_KEY", "sk-other"));

        Assert.Equal("r8", reading.Good().Providers["replicate"].Keys[0].Value.Reveal());
        Assert.Equal("sk-main", Assert.Single(reading.Config.Providers["openai"].Keys).Value.Reveal());
        Assert.Equal("The key of `replicate` comes from the environment variable REPLICATE_API_TOKEN.", Assert.Single(reading.Notes));
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void One_it_mentions_does_not() =>
        Assert.Empty(
            AConfig.Read("""{"providers": {"openai": {"keys": []}}}""", ("OPENAI_API_KEY", "sk-other")).Good().Providers["openai"].Keys
        );

    [Fact]
    public void The_file_goes_before_the_environment_for_the_public_address()
    {
        var variable = ("BIFROST_PUBLIC_URL", "https://env.example");

        Assert.Equal("env.example", AConfig.Read("{}", variable).Good().Client.PublicUrl!.Host);
        Assert.Equal(
            "file.example",
            AConfig.Read(AConfig.WithClient("\"public_url\": \"https://file.example\""), variable).Good().Client.PublicUrl!.Host
        );
    }
}
