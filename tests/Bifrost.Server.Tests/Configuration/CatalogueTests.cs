using Bifrost.Providers;
using Bifrost.Providers.OpenAI;
using Bifrost.Server.Configuration;
using Bifrost.Server.Flags;

namespace Bifrost.Server.Tests.Configuration;

/// <summary>The providers there really are, against what the configuration and its pages say of them.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> NotServed => [.. ProviderCatalog.NotServed];

    [Theory]
    [MemberData(nameof(NotServed))]
    public void A_published_provider_that_is_not_served_is_one_warning(string name)
    {
        var json = $$"""{"providers": {"{{name}}": {"keys": [{"name": 7, "value": "env.NOT_THERE", "weight": -1}], "what": "ever"} } }""";

        var reading = ConfigFile.Read(System.Text.Encoding.UTF8.GetBytes(json), _ => null, AConfig.Kinds, ProviderCatalog.NotServed);

        Assert.Empty(reading.Good().Providers);
        Assert.Equal($"`providers.{name}` is not served by this version of Bifrost and is ignored.", Assert.Single(reading.Warnings));
    }

    [Fact]
    public void The_tests_kinds_have_the_real_variables()
    {
        var real = new OpenAIProvider();
        var ours = AConfig.Kinds.Single(k => k.Id == real.Id);

        Assert.Equal(real.TokenVariables, ours.TokenVariables);
        Assert.Equal(real.BaseUrlVariable, ours.BaseUrlVariable);
    }

    [Fact]
    public void Help_names_every_variable() =>
        Assert.All(AConfig.Kinds.SelectMany(k => k.TokenVariables.Append(k.BaseUrlVariable!)), v => Assert.Contains(v, HelpText.Whole));
}
