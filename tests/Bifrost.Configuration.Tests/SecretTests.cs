namespace Bifrost.Configuration.Tests;

public sealed class SecretTests
{
    private const string Hidden = "hush-hush";

    [Theory]
    [InlineData("""{"providers": {"openai": {"keys": [{"name": "a", "value": "hush-hush here"}]}}}""")]
    [InlineData("""{"providers": {"openai": {"keys": [{"name": "a", "value": ["hush-hush"]}]}}}""")]
    [InlineData("""{"providers": {"openai": {"keys": [{"name": "a", "vaule": "hush-hush", "value": "b"}]}}}""")]
    [InlineData("""{"providers": {"openai": {"keys": "hush-hush"}}}""")]
    [InlineData("""{"providers": {"openai": {"keys": ["hush-hush"]}}}""")]
    [InlineData("""{"providers": {"openai": "hush-hush"}}""")]
    [InlineData("""{"providers": {"openai": {"network_config": {"extra_headers": {"authorization": "hush-hush\u0000"}}, "keys": []}}}""")]
    [InlineData("""{"providers": {"openai": {"network_config": {"extra_headers": "hush-hush"}, "keys": []}}}""")]
    [InlineData("""{"providers": {"openai": {"network_config": {"base_url": "https://a:hush-hush@b.example"}, "keys": []}}}""")]
    [InlineData("""{"providers": {"openai": {"network_config": {"base_url": "nowhere?hush-hush"}, "keys": []}}}""")]
    [InlineData(
        """{"providers": {"replicate": {"keys": [{"name": "a", "value": "b", "replicate_key_config": {"secrets": {"openai_api_key": ["hush-hush"]}}}]}}}"""
    )]
    [InlineData(
        """{"providers": {"replicate": {"keys": [{"name": "a", "value": "b", "replicate_key_config": {"files_signing_secret": "hush-hush x"}}]}}}"""
    )]
    [InlineData("""{"providers": {"replicate": {"keys": [{"name": "a", "value": "b", "replicate_key_config": "hush-hush"}]}}}""")]
    public void No_mistake_shows_one(string json) => Assert.DoesNotContain(Hidden, AConfig.Read(json).Mistake());

    [Fact]
    public void Neither_does_one_about_a_variable()
    {
        var said = AConfig.Read(AConfig.WithKey("\"id\": \"1\"").Replace("sk-main", "env.KEY"), ("KEY", "hush-hush twice")).Mistake();

        Assert.Equal(
            "providers.openai.keys[0].value: the value of KEY has a space, a line break or a character outside ASCII in it. Write it as the provider shows it.",
            said
        );
    }

    [Fact]
    public void The_configuration_does_not_print_one() =>
        Assert.DoesNotContain("sk-main", AConfig.Read(AConfig.WithKey("\"id\": \"1\"")).Good().Providers["openai"].Keys[0].ToString());
}
