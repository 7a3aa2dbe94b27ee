using System.Net;
using Bifrost.Simulator;

namespace Bifrost.EndToEnd.Tests.Program;

[Collection(ProcessTestGroup.Name)]
public sealed class StopTests
{
    [Fact]
    public async Task Sigterm_ends_it_with_exit_code_0_and_no_complaint()
    {
        await using var bifrost = BifrostProcess.Start(["--demo", "--still", "--port", "0"]);
        await bifrost.AddressAsync();

        await bifrost.TerminateAsync();

        Assert.Equal(0, await bifrost.ExitAsync());
        Assert.Equal("", bifrost.Errors);
    }

    [Fact]
    public async Task A_stream_that_runs_when_sigterm_comes_is_finished_first()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        simulator.Script.Model("*").Streams(s => s.Output("before ").Pause(TimeSpan.FromSeconds(2)).Output("after").Done());
        await using var bifrost = BifrostProcess.Start(
            ["--port", "0"],
            ("REPLICATE_API_TOKEN", "r8_" + new string('k', 37)),
            ("REPLICATE_BASE_URL", simulator.BaseUrl.AbsoluteUri)
        );
        var address = await bifrost.AddressAsync();
        using var http = new HttpClient();
        using var response = await Chat.SendAsync(http, address, "Talk while you are stopped", stream: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var seen = await UntilAsync(reader, "before ");

        await bifrost.TerminateAsync();
        seen += await reader.ReadToEndAsync();

        Assert.Contains("\"after\"", seen, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", seen, StringComparison.Ordinal);
        Assert.Equal(0, await bifrost.ExitAsync());
    }

    [Fact]
    public async Task While_it_stops_nothing_new_is_begun()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        simulator.Script.Model("*").Streams(s => s.Output("before ").Pause(TimeSpan.FromSeconds(3)).Output("after").Done());
        await using var bifrost = BifrostProcess.Start(
            ["--port", "0"],
            ("REPLICATE_API_TOKEN", "r8_" + new string('k', 37)),
            ("REPLICATE_BASE_URL", simulator.BaseUrl.AbsoluteUri)
        );
        var address = await bifrost.AddressAsync();
        using var http = new HttpClient();
        using var response = await Chat.SendAsync(http, address, "Talk while you are stopped", stream: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await UntilAsync(reader, "before ");
        var before = simulator.Predictions.Count;

        await bifrost.TerminateAsync();
        Assert.True(await IsStoppingSoonAsync(address), "Two seconds after SIGTERM it still said that all was well.");
        var answered = await IsAnsweredAsync(address);
        await reader.ReadToEndAsync();

        Assert.False(answered, "A request that came after SIGTERM was answered as if nothing had happened.");
        Assert.Equal(0, await bifrost.ExitAsync());
        Assert.Equal(before, simulator.Predictions.Count);
    }

    private static async Task<string> UntilAsync(StreamReader reader, string words)
    {
        var seen = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            seen.Append(line).Append('\n');
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return seen.ToString();
            }
        }

        throw new InvalidOperationException($"\"{words}\" never came: {seen}");
    }

    // The signal takes a moment to arrive. Health costs nothing to ask, so it can be asked until it has.
    private static async Task<bool> IsStoppingSoonAsync(Uri address)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            if (!await IsAnsweredAsync(http => http.GetAsync(new Uri(address, "/health"))))
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    private static Task<bool> IsAnsweredAsync(Uri address) => IsAnsweredAsync(http => Chat.SendAsync(http, address, "One more"));

    /// <summary>False for a connection that is refused and for a 503.</summary>
    private static async Task<bool> IsAnsweredAsync(Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.ConnectionClose = true;
        try
        {
            using var response = await ask(http);
            return response.StatusCode != HttpStatusCode.ServiceUnavailable;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
