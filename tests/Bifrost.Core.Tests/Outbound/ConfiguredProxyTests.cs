using Bifrost.Core.Outbound;
using Bifrost.Core.World;

namespace Bifrost.Core.Tests.Outbound;

public sealed class ConfiguredProxyTests
{
    private static readonly ConfiguredProxy Proxy = new(
        new ProxyConfig(new Uri("http://proxy.example:3128")) { Bypass = ["internal.example", ".corp.example", "*.lab.example"] }
    );

    [Theory]
    [InlineData("https://api.openai.com", false)]
    [InlineData("http://127.0.0.1:8000", true)]
    [InlineData("http://localhost:8000", true)]
    [InlineData("https://internal.example", true)]
    [InlineData("https://llm.internal.example", true)]
    [InlineData("https://notinternal.example", false)]
    [InlineData("https://a.corp.example", true)]
    [InlineData("https://a.LAB.example", true)]
    public void It_is_used_for_all_but_what_is_near_or_named(string address, bool without) =>
        Assert.Equal(without, Proxy.IsBypassed(new Uri(address)));

    [Fact]
    public void A_star_names_everything() =>
        Assert.True(
            new ConfiguredProxy(new ProxyConfig(new Uri("http://proxy.example:3128")) { Bypass = ["*"] }).IsBypassed(
                new Uri("https://api.openai.com")
            )
        );
}
