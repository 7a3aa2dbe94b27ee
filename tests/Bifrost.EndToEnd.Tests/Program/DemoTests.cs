using System.Diagnostics;
using System.Net;

namespace Bifrost.EndToEnd.Tests.Program;

[Collection(ProcessTestGroup.Name)]
public sealed class DemoTests(ITestOutputHelper output)
{
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_demo_answers_a_first_chat_within_five_seconds_of_its_start()
    {
        var clock = Stopwatch.StartNew();
        await using var bifrost = BifrostProcess.Start(["--demo", "--still", "--port", "0"]);
        var address = await bifrost.AddressAsync();
        var started = clock.Elapsed;
        using var http = new HttpClient();
        using var response = await Chat.SendAsync(http, address, "Is anybody there?");
        var text = await Chat.TextOfAsync(response);
        var answered = clock.Elapsed;
        output.WriteLine($"started after {started.TotalSeconds:0.00} s, answered after {answered.TotalSeconds:0.00} s");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Is anybody there?", text, StringComparison.Ordinal);
        Assert.True(answered < FirstAnswer, $"The first answer took {answered.TotalSeconds:0.00} s.");
    }

    [Fact]
    public async Task The_banner_tells_where_it_is_and_that_nothing_is_real()
    {
        await using var bifrost = BifrostProcess.Start(["--demo", "--still", "--port", "0"]);
        var address = (await bifrost.AddressAsync()).GetLeftPart(UriPartial.Authority);
        await bifrost.TerminateAsync();
        await bifrost.ExitAsync();

        var lines = bifrost.Output.Split('\n');
        Assert.Equal("✓ Bifrost started", lines[0]);
        Assert.Contains($"  HTTP       {address}", lines);
        Assert.Contains($"  Web UI     {address}/", lines);
        Assert.Contains(
            lines,
            line => line.StartsWith("  Demo ", StringComparison.Ordinal) && line.Contains("SIMULATED", StringComparison.Ordinal)
        );
        Assert.Contains("  Providers  replicate (simulated)", lines);
        Assert.DoesNotContain('\e', bifrost.Output);
        Assert.Equal("", bifrost.Errors);
    }

    [Fact]
    public async Task Every_answer_of_the_demo_says_that_it_is_simulated()
    {
        await using var bifrost = BifrostProcess.Start(["--demo", "--still", "--port", "0"]);
        using var http = new HttpClient();

        using var response = await Chat.SendAsync(http, await bifrost.AddressAsync(), "Are you real?");

        Assert.Equal(["true"], response.Headers.GetValues("x-bf-simulated"));
        Assert.Contains("simulated", await Chat.TextOfAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_at_the_web_ui_address_shows_a_first_request_for_this_address()
    {
        await using var bifrost = BifrostProcess.Start(["--demo", "--still", "--port", "0"]);
        var address = await bifrost.AddressAsync();
        using var http = new HttpClient();

        var page = await http.GetStringAsync(address);

        Assert.Contains($"curl {address.GetLeftPart(UriPartial.Authority)}/v1/chat/completions", page, StringComparison.Ordinal);
        Assert.Contains("SIMULATION", page, StringComparison.Ordinal);
    }
}
