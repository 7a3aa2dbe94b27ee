namespace Bifrost.Configuration.Tests;

public sealed class ReplicateKeyTests
{
    [Fact]
    public void Deployments_become_aliases_that_say_so()
    {
        var key = Key(
            """{"deployments": {"fast": "acme/img", "chat": "deployments/acme/chat"}}""",
            "\"aliases\": {\"llama\": \"meta/llama\"},"
        );

        Assert.Equal("deployments/acme/img", key.Aliases["fast"]);
        Assert.Equal("deployments/acme/chat", key.Aliases["chat"]);
        Assert.Equal("meta/llama", key.Aliases["llama"]);
    }

    [Fact]
    public void The_rest_is_handed_to_the_provider_resolved()
    {
        var extras = Key(
            """{"account": "acme", "files_signing_secret": "env.SIGN", "webhook_secret": "whsec_b", "secrets": {"token": "t"}, "hardware": {"acme/img": "gpu-h100"}}"""
        ).Extras!.Value;

        Assert.Equal("acme", extras.GetProperty("account").GetString());
        Assert.Equal("signing", extras.GetProperty("files_signing_secret").GetString());
        Assert.Equal("whsec_b", extras.GetProperty("webhook_secret").GetString());
        Assert.Equal("gpu-h100", extras.GetProperty("hardware").GetProperty("acme/img").GetString());
        Assert.Equal("t", extras.GetProperty("secrets").GetProperty("token").GetString());
    }

    [Theory]
    [InlineData("""{"deployments": {"fast": "img"}}""", "deployments.fast: \"img\" is not the name of a deployment. Write owner/name.")]
    [InlineData("""{"deployments": {"a b": "acme/img"}}""", "deployments[\"a b\"]: \"a b\" has a space")]
    [InlineData(
        """{"hardware": {"acme/img": "gpu-h1000"}}""",
        "hardware[\"acme/img\"]: \"gpu-h1000\" is no hardware of Replicate's that has a known price."
    )]
    [InlineData("""{"deployments": ["acme/img"]}""", "deployments: is a list. Write an object of strings.")]
    [InlineData("""{"deployment": {}}""", "deployment: there is no such key here. Did you mean `deployments`?")]
    [InlineData(
        """{"deployments": {"llama": "acme/img"}}""",
        "deployments.llama: is an alias of this key too. Keep it either here or in `aliases`."
    )]
    [InlineData("""{"webhook_secret": "env.NOT_THERE"}""", "webhook_secret: the environment variable \"NOT_THERE\" is not set.")]
    public void Mistakes_in_it_are_told(string section, string said) =>
        Assert.StartsWith(
            $"providers.replicate.keys[0].replicate_key_config.{said}",
            Read("replicate", section, "\"aliases\": {\"llama\": \"meta/llama\"},").Mistake()
        );

    [Fact]
    public void With_another_provider_it_is_warned_of()
    {
        var reading = Read("openai", """{"deployments": {"fast": "acme/img"}}""");

        Assert.Empty(reading.Good().Providers["openai"].Keys[0].Aliases);
        Assert.Equal(
            "`providers.openai.keys[0].replicate_key_config` means nothing to `openai` and is ignored.",
            Assert.Single(reading.Warnings)
        );
    }

    private static Bifrost.Core.World.KeyConfig Key(string section, string members = "") =>
        Read("replicate", section, members).Good().Providers["replicate"].Keys[0];

    private static Bifrost.Configuration.ConfigReading Read(string provider, string section, string members = "") =>
        AConfig.Read(
            $$"""{"providers": {"{{provider}}": {"keys": [{"name": "a", "value": "r8", {{members}} "replicate_key_config": {{section}} }] } } }""",
            ("SIGN", "signing")
        );
}
