using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;

namespace Bifrost.EndToEnd.Tests.Logs;

public sealed class LiveTests
{
    [Fact]
    public async Task A_request_is_seen_as_it_ends_and_found_afterwards()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.Governed().Client("{}").Provider("openai", upstream).StartAsync(null);
        using var socket = await WatchAsync(gateway);

        var asked = await gateway.AskAsync(null, "openai/penny", ("x-bf-lh-project", "moon"));

        asked.MustBe(200);
        var seen = JsonNode.Parse(await HeardAsync(socket))!;
        Assert.Equal(("log", "create"), ((string)seen["type"]!, (string)seen["operation"]!));
        var row = seen["payload"]!;
        Assert.Equal("success", (string)row["status"]!);
        Assert.Equal("moon", (string)row["metadata"]!["project"]!);
        var found = await FoundAsync(gateway, (string)row["id"]!);
        Assert.Equal("chat_completion", (string)found["object"]!);
        Assert.Contains("Hello", (string)found["payload"]!["request"]!, StringComparison.Ordinal);
        Assert.Equal((decimal)row["cost"]!, (decimal)found["cost"]!);
    }

    [Fact]
    public async Task Who_watches_is_sent_away_in_good_order_when_the_gateway_stops()
    {
        await using var gateway = await AGateway.Governed().StartAsync(null);
        using var socket = await WatchAsync(gateway);
        await using var events = await gateway.Http.GetStreamAsync(new Uri(gateway.Address, "/api/logs/live"));
        var stopping = gateway.StopAsync();

        Assert.Equal("", await HeardAsync(socket));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        // Closed, not broken: reading to the end does not throw.
        using var reader = new StreamReader(events);
        Assert.StartsWith(": live", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<ClientWebSocket> WatchAsync(GovernedGateway gateway)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(gateway.Address, "/ws")) { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    private static async Task<string> HeardAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 << 10];
        var heard = await socket.ReceiveAsync(buffer, patience.Token);
        return Encoding.UTF8.GetString(buffer, 0, heard.Count);
    }

    /// <summary>The log is written by and by.</summary>
    private static async Task<JsonNode> FoundAsync(GovernedGateway gateway, string id)
    {
        for (var i = 0; i < 200; i++)
        {
            var answer = await gateway.Api.GetAsync($"/api/logs/{id}?payload=true");
            if (answer.Status == 200)
            {
                return answer.Json;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{id} did not come to be in the log.");
    }
}
