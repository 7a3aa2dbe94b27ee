using Bifrost.Server.Start;

namespace Bifrost.Server.Tests.Start;

public sealed class BannerTests
{
    private static readonly BannerView Ready = new(
        new Uri("http://127.0.0.1:8080"),
        [
            new ReadyProvider("local", [], null),
            new ReadyProvider("openai", ["OPENAI_API_KEY"], null),
            new ReadyProvider("replicate", ["main", "spare"], null),
        ],
        ["OPENAI_API_KEY", "REPLICATE_API_TOKEN"],
        "/etc/bifrost/config.json",
        ConfigExists: true,
        Demo: false,
        Warnings: [],
        Notes: []
    );

    [Fact]
    public void It_says_where_it_is_and_what_is_ready() =>
        Assert.Equal(
            """
            ✓ Bifrost started

              HTTP       http://127.0.0.1:8080
              Web UI     http://127.0.0.1:8080/
              Providers  local (needs no key)
                         openai (key OPENAI_API_KEY)
                         replicate (keys main, spare)
              Config     /etc/bifrost/config.json


            """,
            Banner.Render(Ready, colour: false)
        );

    [Fact]
    public void Without_providers_it_says_what_to_do() =>
        Assert.Equal(
            """
            ✓ Bifrost started

              HTTP       http://127.0.0.1:8080
              Web UI     http://127.0.0.1:8080/
              Providers  none is ready yet. Callers can send a key of their own; or do one of these:
                         - set OPENAI_API_KEY or REPLICATE_API_TOKEN and start again
                         - write keys into config.json, at the path below
                         - try Bifrost without any key: --demo
              Config     /etc/bifrost/config.json (not there; docs/configuration.md tells what it may say)


            """,
            Banner.Render(Ready with { Ready = [], ConfigExists = false }, colour: false)
        );

    [Fact]
    public void Warnings_stand_before_and_notes_after() =>
        Assert.Equal(
            """
            ! `governance` is not served.

            ✓ Bifrost started

              HTTP       http://127.0.0.1:8080
              Web UI     http://127.0.0.1:8080/
              Providers  openai (key a)
              Config     /etc/bifrost/config.json
                         The key of `openai` comes from the environment.


            """,
            Banner.Render(
                Ready with
                {
                    Ready = [new ReadyProvider("openai", ["a"], null)],
                    Warnings = ["`governance` is not served."],
                    Notes = ["The key of `openai` comes from the environment."],
                },
                colour: false
            )
        );

    [Fact]
    public void A_demo_says_that_nothing_is_real()
    {
        var text = Banner.Render(Ready with { Demo = true }, colour: false);

        Assert.Contains("  Demo       Everything answered here is SIMULATED. No provider is called, nothing is charged.\n", text);
        Assert.Contains("openai (simulated)", text);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    public void An_address_for_every_network_is_shown_as_one_to_open(string listening)
    {
        var text = Banner.Render(Ready with { Address = new Uri(listening) }, colour: false);

        Assert.Contains("HTTP       http://127.0.0.1:8080 and every other address of this machine\n", text);
        Assert.Contains("Web UI     http://127.0.0.1:8080/\n", text);
    }

    [Fact]
    public void An_IPv6_address_keeps_its_brackets() =>
        Assert.Contains(
            "HTTP       http://[::1]:8080\n",
            Banner.Render(Ready with { Address = new Uri("http://[::1]:8080") }, colour: false)
        );

    [Fact]
    public void Colour_adds_nothing_but_colour()
    {
        var plain = Banner.Render(Ready with { Warnings = ["w"] }, colour: false);
        var coloured = Banner.Render(Ready with { Warnings = ["w"] }, colour: true);

        Assert.DoesNotContain('\e', plain);
        Assert.Contains('\e', coloured);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]+m", ""));
    }
}
