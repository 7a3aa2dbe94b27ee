using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bifrost.Server.Start;

namespace Bifrost.Server.Tests.Start;

public sealed class LandingPageTests
{
    private static readonly LandingView Ready = new(
        "http://gateway.example:81",
        [new ReadyProvider("replicate", ["main"], "meta/meta-llama-3-8b-instruct")],
        ["OPENAI_API_KEY", "REPLICATE_API_TOKEN"],
        "1.2.3",
        Demo: false
    );

    [Fact]
    public void The_first_request_uses_the_visitors_address_and_a_model_that_is_ready()
    {
        var page = Text(Ready);

        Assert.Contains("curl http://gateway.example:81/v1/chat/completions", page);
        Assert.Contains("base_url=&quot;http://gateway.example:81/v1&quot;", page);
        Assert.Contains("baseURL: &quot;http://gateway.example:81/v1&quot;", page);
        Assert.Contains("Endpoint = new Uri(&quot;http://gateway.example:81/v1&quot;)", page);
        Assert.Equal(4, Regex.Count(page, "&quot;replicate/meta/meta-llama-3-8b-instruct&quot;"));
    }

    [Fact]
    public void It_names_what_is_ready()
    {
        var page = Text(Ready);

        Assert.Contains("<dt>replicate</dt><dd>key main</dd>", page);
        Assert.Contains("1.2.3", page);
        Assert.DoesNotContain("No provider is ready", page);
        Assert.DoesNotContain("SIMULATION", page);
    }

    [Fact]
    public void Without_providers_it_says_how_to_get_one()
    {
        var page = Text(Ready with { Ready = [] });

        Assert.Contains("No provider is ready yet.", page);
        Assert.Contains("<code>OPENAI_API_KEY</code> or <code>REPLICATE_API_TOKEN</code>", page);
        Assert.Contains("Authorization: Bearer YOUR-PROVIDER-KEY", page);
    }

    [Fact]
    public void A_demo_says_so_loudly()
    {
        var page = Text(Ready with { Demo = true });

        Assert.Contains("<strong>SIMULATION.</strong>", page);
        Assert.Contains("<title>Bifrost (simulation)</title>", page);
        Assert.Contains("<dt>replicate</dt><dd>simulated</dd>", page);
    }

    [Fact]
    public void Nothing_of_the_view_becomes_markup()
    {
        const string evil = "<img src=x onerror=alert(1)>\"'&";
        var page = Text(new LandingView(evil, [new ReadyProvider(evil, [evil], evil)], [evil], evil, false));

        Assert.DoesNotContain("<img", page);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;", page);
    }

    [Fact]
    public void A_model_name_that_would_end_a_string_is_not_put_into_one() =>
        Assert.Contains("&quot;ours/MODEL&quot;", Text(Ready with { Ready = [new ReadyProvider("ours", [], "a' b\"")] }));

    [Fact]
    public void Every_place_is_filled() => Assert.DoesNotContain("{{", Text(Ready));

    [Fact]
    public void Nothing_is_fetched_from_elsewhere()
    {
        var page = Text(Ready);

        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page);
        Assert.DoesNotMatch("@import|url\\(", page);
        Assert.DoesNotMatch(" (style|on[a-z]+)=\"", page);
    }

    [Theory]
    [InlineData("style")]
    [InlineData("script")]
    public void The_policy_allows_the_pages_own_and_no_other(string element)
    {
        var inside = Regex.Match(Text(Ready), $"<{element}>(.*?)</{element}>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inside)));

        Assert.Contains($"{element}-src 'sha256-{hash}'", LandingPage.ContentSecurityPolicy);
        Assert.StartsWith("default-src 'none'; ", LandingPage.ContentSecurityPolicy);
        Assert.DoesNotContain("unsafe", LandingPage.ContentSecurityPolicy);
    }

    private static string Text(LandingView view) => Encoding.UTF8.GetString(LandingPage.Render(view));
}
