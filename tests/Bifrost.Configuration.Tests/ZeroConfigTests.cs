using Bifrost.Configuration;

namespace Bifrost.Configuration.Tests;

public sealed class ZeroConfigTests
{
    [Fact]
    public void Without_anything_nothing_is_configured()
    {
        var reading = Read();

        Assert.Empty(reading.Good().Providers);
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("REPLICATE_API_TOKEN", "replicate")]
    [InlineData("OPENAI_API_KEY", "openai")]
    [InlineData("OPENAI_KEY", "openai")]
    public void One_variable_is_enough(string variable, string provider)
    {
        var (name, config) = Assert.Single(Read((variable, "secret")).Good().Providers);

        Assert.Equal(provider, name);
        Assert.Equal(provider, config.Kind);
        Assert.Equal(variable, config.Keys[0].Name);
        Assert.Equal("secret", config.Keys[0].Value.Reveal());
    }

    [Fact]
    public void The_first_variable_that_is_set_wins() =>
        Assert.Equal("b", Read(("OPENAI_API_KEY", " "), ("OPENAI_KEY", "b")).Good().Providers["openai"].Keys.Single().Value.Reveal());

    [Fact]
    public void The_address_comes_along()
    {
        var config = Read(("OPENAI_BASE_URL", "http://127.0.0.1:1234/v1"), ("OPENAI_API_KEY", "a")).Good().Providers["openai"];

        Assert.Equal(new Uri("http://127.0.0.1:1234/v1"), config.Network.BaseUrl);
    }

    [Fact]
    public void An_address_alone_is_kept_for_callers_with_keys_of_their_own() =>
        Assert.Empty(Read(("REPLICATE_BASE_URL", "http://127.0.0.1:1234")).Good().Providers["replicate"].Keys);

    [Fact]
    public void A_doubtful_address_is_warned_of() =>
        Assert.Equal(
            "OPENAI_BASE_URL: api.wrong.example is no address of ours.",
            Assert.Single(Read(("OPENAI_BASE_URL", "https://api.wrong.example")).Warnings)
        );

    [Fact]
    public void All_bad_variables_are_told_at_once()
    {
        var reading = Read(
            ("OPENAI_API_KEY", "two words"),
            ("OPENAI_BASE_URL", "nowhere"),
            ("REPLICATE_BASE_URL", "https://me:hush@b.example"),
            ("BIFROST_PUBLIC_URL", "http://a.example")
        );

        Assert.Equal(
            ["OPENAI_API_KEY", "OPENAI_BASE_URL", "REPLICATE_BASE_URL", "BIFROST_PUBLIC_URL"],
            reading.Mistakes.Select(m => m.Path)
        );
        Assert.DoesNotContain(
            reading.Mistakes,
            m => m.Message.Contains("two words", StringComparison.Ordinal) || m.Message.Contains("hush", StringComparison.Ordinal)
        );
    }

    private static ConfigReading Read(params (string Name, string Value)[] environment) =>
        ZeroConfig.Read(AConfig.Variables(environment), AConfig.Kinds);
}
