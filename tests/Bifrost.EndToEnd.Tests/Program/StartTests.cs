using System.Net;
using System.Net.Sockets;
using Bifrost.Simulator;

namespace Bifrost.EndToEnd.Tests.Program;

[Collection(ProcessTestGroup.Name)]
public sealed class StartTests
{
    // Made up, but shaped like a real one, so that whatever hides keys has to hide it.
    private static readonly string Token = "r8_" + new string('k', 37);

    [Fact]
    public async Task Two_variables_are_all_it_needs()
    {
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Token = Token });
        await using var bifrost = BifrostProcess.Start(
            ["--port", "0"],
            ("REPLICATE_API_TOKEN", Token),
            ("REPLICATE_BASE_URL", simulator.BaseUrl.AbsoluteUri)
        );
        using var http = new HttpClient();

        using var response = await Chat.SendAsync(http, await bifrost.AddressAsync(), "Without any file");

        Assert.Contains("Without any file", await Chat.TextOfAsync(response), StringComparison.Ordinal);
        Assert.All(simulator.Requests, request => Assert.Equal("Bearer " + Token, request.Header("Authorization")));
        Assert.Contains("REPLICATE_API_TOKEN", bifrost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_key_prompt_or_answer_is_written_even_when_debugging_and_failing()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        simulator.Script.Model("*").When(input => input.ToJsonString().Contains("refuse", StringComparison.Ordinal)).Fails("Out of memory");
        simulator
            .Script.On("POST", "*")
            .When(request => request.Text.Contains("lock out", StringComparison.Ordinal))
            .Answer(Problem.Unauthenticated());
        await using var bifrost = BifrostProcess.Start(
            ["--port", "0", "--log-level", "debug"],
            ("REPLICATE_API_TOKEN", Token),
            ("REPLICATE_BASE_URL", simulator.BaseUrl.AbsoluteUri)
        );
        var address = await bifrost.AddressAsync();
        using var http = new HttpClient();
        var callersOwn = "r8_" + new string('c', 37);

        foreach (var words in (string[])["fine xylophone", "refuse xylophone", "lock out xylophone"])
        {
            using var _ = await Chat.SendAsync(http, address, words);
        }

        http.DefaultRequestHeaders.Authorization = new("Bearer", callersOwn);
        using (await Chat.SendAsync(http, address, "own xylophone")) { }
        await bifrost.TerminateAsync();
        await bifrost.ExitAsync();

        var said = bifrost.Output + bifrost.Errors;
        Assert.Contains("chat_completion", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, said, StringComparison.Ordinal);
        Assert.DoesNotContain(callersOwn, said, StringComparison.Ordinal);
        Assert.DoesNotContain("xylophone", said, StringComparison.Ordinal);
        Assert.Contains(simulator.Requests, request => request.Header("Authorization") == "Bearer " + callersOwn);
    }

    [Fact]
    public async Task Without_any_key_it_starts_and_says_what_to_do()
    {
        await using var bifrost = BifrostProcess.Start(["--port", "0"]);
        var address = await bifrost.AddressAsync();
        using var http = new HttpClient();

        using var response = await Chat.SendAsync(http, address, "Hello");
        await bifrost.TerminateAsync();
        await bifrost.ExitAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("REPLICATE_API_TOKEN", bifrost.Output, StringComparison.Ordinal);
        Assert.Contains("--demo", bifrost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var bifrost = BifrostProcess.Start(["--demo", "--still", "--port", $"{port}"]);

        Assert.NotEqual(0, await bifrost.ExitAsync());
        Assert.Contains($"127.0.0.1:{port}", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("in use", bifrost.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--port", bifrost.Errors, StringComparison.Ordinal);
        Assert.Single(bifrost.Errors.TrimEnd().Split('\n'));
        Assert.Equal("", bifrost.Output);
    }

    [Fact]
    public async Task Every_mistake_in_the_config_is_told_at_once()
    {
        var config = $$$"""
            {
              "clientt": {},
              "client": { "max_request_body_size_mb": "large" },
              "providers": {
                "replicat": { "keys": [] },
                "openai": { "keys": [{ "name": "main", "value": "{{{Token}}}", "wieght": 1 }] }
              }
            }
            """;

        await using var bifrost = BifrostProcess.Start(config, ["--port", "0"]);

        Assert.Equal(2, await bifrost.ExitAsync());
        Assert.Equal("", bifrost.Output);
        Assert.Contains("config.json has 4 mistakes", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("clientt: there is no such key here. Did you mean `client`?", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("client.max_request_body_size_mb: is \"large\"", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("Did you mean `replicate`?", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("Did you mean `weight`?", bifrost.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, bifrost.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_that_is_no_json_is_told_with_its_place()
    {
        await using var bifrost = BifrostProcess.Start("{\n  \"providers\": {\n", ["--port", "0"]);

        Assert.Equal(2, await bifrost.ExitAsync());
        Assert.Contains("config.json has a mistake", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("line 3", bifrost.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_takes_its_key_from_the_environment()
    {
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Token = Token });
        var config = $$"""
            {
              "providers": {
                "replicate": {
                  "keys": [{ "name": "main", "value": "env.MY_TOKEN", "weight": 1 }],
                  "network_config": { "base_url": "{{simulator.BaseUrl}}" }
                }
              }
            }
            """;

        await using var bifrost = BifrostProcess.Start(config, ["--port", "0"], ("MY_TOKEN", Token));
        using var http = new HttpClient();
        using var response = await Chat.SendAsync(http, await bifrost.AddressAsync(), "From a file");

        Assert.Contains("From a file", await Chat.TextOfAsync(response), StringComparison.Ordinal);
    }
}
