namespace Bifrost.Configuration.Tests;

public sealed class CustomProviderTests
{
    [Fact]
    public void It_is_built_on_a_served_one()
    {
        var provider = AConfig
            .Read(
                """
                {"providers": {"local": {
                  "custom_provider_config": {"base_provider_type": "openai", "is_key_less": true},
                  "network_config": {"base_url": "http://127.0.0.1:11434/v1"}}}}
                """
            )
            .Good()
            .Providers["local"];

        Assert.Equal("openai", provider.Kind);
        Assert.True(provider.KeyLess);
        Assert.Equal(11434, provider.Network.BaseUrl!.Port);
    }

    [Fact]
    public void With_a_key_that_it_does_not_need_it_keeps_the_key()
    {
        var provider = Custom("local", "\"base_provider_type\": \"openai\", \"is_key_less\": true", "\"keys\": [{\"name\": \"a\"}]")
            .Good()
            .Providers["local"];

        Assert.Equal("a", provider.Keys.Single().Name);
    }

    [Fact]
    public void Without_an_address_it_is_a_mistake() =>
        Assert.Equal(
            "providers.mine: `network_config.base_url` is missing: a custom provider has no address of its own.",
            AConfig.Read("""{"providers": {"mine": {"keys": [], "custom_provider_config": {"base_provider_type": "openai"}}}}""").Mistake()
        );

    [Theory]
    [InlineData("my/llm")]
    [InlineData("my llm")]
    [InlineData("")]
    public void Its_name_must_be_fit_to_stand_before_a_slash(string name) =>
        Assert.EndsWith(
            "is no name for a provider: it stands before the slash of a model. Write one without spaces and slashes.",
            Custom(name, "\"base_provider_type\": \"openai\"", "\"keys\": []").Mistake()
        );

    [Fact]
    public void A_base_nobody_knows_is_a_mistake_with_a_guess() =>
        Assert.Equal(
            "providers.mine.custom_provider_config.base_provider_type: \"opnai\" is not a provider that can be built on. Did you mean `openai`? Write `openai` or `replicate`.",
            Custom("mine", "\"base_provider_type\": \"opnai\"", "\"keys\": []").Mistake()
        );

    [Fact]
    public void A_base_that_is_missing_is_a_mistake() =>
        Assert.Equal(
            "providers.mine.custom_provider_config: `base_provider_type` is missing.",
            Custom("mine", "\"is_key_less\": true", "\"keys\": []").Mistake()
        );

    [Fact]
    public void A_base_that_is_not_served_is_warned_of_once_and_left_out()
    {
        var reading = Custom(
            "mine",
            "\"base_provider_type\": \"anthropic\", \"allowed_requests\": {}",
            "\"keys\": [{\"value\": \"env.NOT_THERE\"}]"
        );

        Assert.Empty(reading.Good().Providers);
        Assert.Equal(
            "`providers.mine` is built on `anthropic`, which is not served by this version of Bifrost, and is ignored.",
            Assert.Single(reading.Warnings)
        );
    }

    [Fact]
    public void Allowed_requests_are_warned_of() =>
        Assert.Equal(
            "`providers.mine.custom_provider_config.allowed_requests` is not served by this version of Bifrost and is ignored.",
            Assert.Single(
                Custom(
                    "mine",
                    "\"base_provider_type\": \"openai\", \"is_key_less\": true, \"allowed_requests\": {\"nonsense\": 1}",
                    "\"keys\": []"
                ).Warnings
            )
        );

    [Fact]
    public void A_known_name_cannot_be_custom() =>
        Assert.StartsWith(
            "providers.openai.custom_provider_config: `openai` is a provider Bifrost knows.",
            Custom("openai", "\"base_provider_type\": \"openai\"", "\"keys\": []").Mistake()
        );

    [Theory]
    [InlineData("opnai", "Did you mean `openai`?")]
    [InlineData("OpenAI", "Did you mean `openai`?")]
    [InlineData("antropic", "Did you mean `anthropic`?")]
    [InlineData("acme", "A provider of your own needs `custom_provider_config.base_provider_type`.")]
    public void A_name_nobody_knows_is_a_mistake(string name, string said) =>
        Assert.Contains(said, AConfig.Read($$"""{"providers": {"{{name}}": {"keys": [{"name": "a", "value": "b"}] } } }""").Mistake());

    [Fact]
    public void Names_that_differ_in_capitals_only_are_the_same_name() =>
        Assert.StartsWith(
            "providers.OPENAI: is written twice, with capital and small letters.",
            AConfig.Read("""{"providers": {"openai": {"keys": [{"name": "a", "value": "b"}]}, "OPENAI": {"keys": []}}}""").Mistake()
        );

    private static Bifrost.Configuration.ConfigReading Custom(string name, string custom, string members) =>
        AConfig.Read(
            $$"""
            {"providers": {"{{name}}": {
              "custom_provider_config": { {{custom}} }, "network_config": {"base_url": "https://a.example"}, {{members}} } } }
            """
        );
}
