using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Admin.Logs.Live;
using Bifrost.Observability.RequestLog;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

public sealed class LiveTests
{
    [Fact]
    public async Task Rows_come_as_events_when_they_end()
    {
        await using var admin = await AnAdmin.OpenAsync();
        using var events = await EventsAsync(admin, "");
        admin.Log.Feed.Publish(Chat("a"));
        admin.Log.Feed.Publish(Chat("b"));

        Assert.Equal("log create a", await NextAsync(events));
        Assert.Equal("log create b", await NextAsync(events));
    }

    [Fact]
    public async Task Rows_come_over_a_web_socket_when_they_end()
    {
        await using var admin = await AnAdmin.OpenAsync();
        using var socket = await SocketAsync(admin, "");
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, default);
        admin.Log.Feed.Publish(Chat("a"));

        Assert.Equal("log create a", await NextAsync(socket));
    }

    [Theory]
    [InlineData("providers=replicate")]
    [InlineData("status=error")]
    [InlineData("min_latency=1000")]
    [InlineData("metadata_project=moon")]
    [InlineData("missing_cost_only=true")]
    public async Task Only_what_was_asked_for_comes(string query)
    {
        await using var admin = await AnAdmin.OpenAsync();
        using var events = await EventsAsync(admin, query);
        using var socket = await SocketAsync(admin, query);
        admin.Log.Feed.Publish(Chat("no"));
        admin.Log.Feed.Publish(
            Chat("yes") with
            {
                Provider = "replicate",
                Status = LogStatus.Error,
                Latency = 1_000_000,
                Cost = null,
                Metadata = [new("project", "moon")],
            }
        );

        Assert.Equal("log create yes", await NextAsync(events));
        Assert.Equal("log create yes", await NextAsync(socket));
    }

    [Theory]
    [InlineData("status=bad", 400)]
    [InlineData("content_search=word", 400)]
    [InlineData("start_time=2026-01-01", 400)]
    public async Task What_cannot_be_watched_for_is_refused(string query, int status)
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(status, (await admin.GetAsync($"/api/logs/live?{query}")).Status);
    }

    [Fact]
    public async Task A_web_socket_that_is_opened_as_a_page_says_so()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.GetAsync("/ws");
        Assert.Equal(426, answer.Status);
        Assert.Contains("/api/logs/live", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_socket_is_opened_by_session_or_ticket_and_by_nothing_else()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var ticket = (await admin.SendAsync(AnAdmin.Request("POST", "/api/session/ws-ticket"))).Json["ticket"]!.GetValue<string>();
        using var byTicket = await SocketAsync(admin, $"ticket={ticket}");
        var token = await admin.LoginAsync();
        using var byCookie = await SocketAsync(admin, "", s => s.SetRequestHeader("Cookie", $"token={token}"));
        admin.Log.Feed.Publish(Chat("a"));
        Assert.Equal("log create a", await NextAsync(byTicket));
        Assert.Equal("log create a", await NextAsync(byCookie));

        await Assert.ThrowsAsync<WebSocketException>(() => SocketAsync(admin, ""));
        await Assert.ThrowsAsync<WebSocketException>(() => SocketAsync(admin, "ticket=nonsense"));
        await Assert.ThrowsAsync<WebSocketException>(() =>
            SocketAsync(admin, $"ticket={ticket}", s => s.SetRequestHeader("Origin", "https://attacker.example"))
        );
        using var ours = await SocketAsync(
            admin,
            $"ticket={ticket}",
            s => s.SetRequestHeader("Origin", admin.Address.GetLeftPart(UriPartial.Authority))
        );
    }

    [Fact]
    public async Task Another_sites_page_may_not_watch_a_gateway_without_an_account()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await Assert.ThrowsAsync<WebSocketException>(() =>
            SocketAsync(admin, "", s => s.SetRequestHeader("Origin", "https://attacker.example"))
        );
    }

    [Fact]
    public async Task A_slow_reader_misses_rows_and_is_told_how_many_and_nobody_waits()
    {
        await using var admin = await AnAdmin.OpenAsync();
        using var slow = await SlowAsync(admin);
        var long_ = new string('x', 8000);
        var took = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 5000; i++)
        {
            admin.Log.Feed.Publish(Chat($"r{i}") with { Message = long_, Fault = "timeout" });
        }

        Assert.True(took.Elapsed < TimeSpan.FromSeconds(5), $"Publishing waited: {took.Elapsed}");
        using var reader = new StreamReader(new NetworkStream(slow), Encoding.UTF8);
        var (rows, missed) = (0, 0L);
        while (rows + missed < 5000)
        {
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
            rows += line!.Contains("\"type\":\"log\"", StringComparison.Ordinal) ? 1 : 0;
            var at = line.IndexOf("\"missed\",\"data\":", StringComparison.Ordinal);
            missed += at < 0 ? 0 : JsonNode.Parse(line[(at + 16)..].TrimEnd('}') + "}")!["count"]!.GetValue<long>();
        }

        Assert.Equal(5000, rows + missed);
        Assert.True(missed > 0, "Everything fitted into what lies in between, so that nothing was shown.");
    }

    [Fact]
    public async Task Silence_is_broken_by_a_sign_of_life()
    {
        await using var admin = await AnAdmin.OpenAsync();
        using var events = await EventsAsync(admin, "");
        var line = events.ReadLineAsync();
        while (!line.IsCompleted)
        {
            admin.Clock.Advance(LiveWatch.Beat);
            await Task.Delay(20);
        }

        Assert.Equal(":", await line);
    }

    [Fact]
    public async Task Who_signs_out_watches_no_longer()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var events = await EventsAsync(admin, "");
        using var socket = await SocketAsync(
            admin,
            "",
            s => s.SetRequestHeader("Authorization", admin.Client.DefaultRequestHeaders.Authorization!.ToString())
        );
        await admin.SendAsync(AnAdmin.Request("POST", "/api/session/logout"));
        var rest = events.ReadToEndAsync();
        var close = socket.ReceiveAsync(new byte[1000], default);
        while (!rest.IsCompleted || !close.IsCompleted)
        {
            admin.Clock.Advance(LiveWatch.Beat);
            await Task.Delay(20);
        }

        Assert.DoesNotContain("data:", await rest, StringComparison.Ordinal);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await close).CloseStatus);
    }

    [Fact]
    public async Task When_the_gateway_stops_watchers_are_sent_away_in_good_order()
    {
        await using var admin = await AnAdmin.OpenAsync();
        using var events = await EventsAsync(admin, "");
        using var socket = await SocketAsync(admin, "");
        admin.EndLive();

        Assert.Equal("", await events.ReadToEndAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, (await socket.ReceiveAsync(new byte[1000], default)).CloseStatus);
    }

    [Fact]
    public async Task Who_leaves_is_forgotten()
    {
        await using var admin = await AnAdmin.OpenAsync();
        using (await EventsAsync(admin, ""))
        using (var socket = await SocketAsync(admin, ""))
        {
            await UntilAsync(() => admin.Log.Feed.Watchers == 2);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }

        await UntilAsync(() => admin.Log.Feed.Watchers == 0);
    }

    [Fact]
    public async Task There_is_room_for_so_many_watchers_and_no_more()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var watchers = Enumerable.Range(0, LiveRoutes.MostWatchers).Select(_ => admin.Log.Feed.Watch(new())).ToList();
        Assert.Equal(503, (await admin.GetAsync("/api/logs/live")).Status);
        watchers[0].Dispose();
        using var events = await EventsAsync(admin, "");
    }

    private static async Task<StreamReader> EventsAsync(AnAdmin admin, string query)
    {
        var before = admin.Log.Feed.Watchers;
        var answer = await admin.Client.GetAsync($"/api/logs/live?{query}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(": live", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        await UntilAsync(() => admin.Log.Feed.Watchers > before);
        return reader;
    }

    private static async Task<ClientWebSocket> SocketAsync(AnAdmin admin, string query, Action<ClientWebSocketOptions>? with = null)
    {
        var before = admin.Log.Feed.Watchers;
        var socket = new ClientWebSocket();
        with?.Invoke(socket.Options);
        var address = new UriBuilder(new Uri(admin.Address, $"/ws?{query}")) { Scheme = "ws" };
        await socket.ConnectAsync(address.Uri, default);
        await UntilAsync(() => admin.Log.Feed.Watchers > before);
        return socket;
    }

    /// <summary>A connection that asks for events and takes next to nothing of them until somebody reads.</summary>
    private static async Task<Socket> SlowAsync(AnAdmin admin)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 << 10 };
        await socket.ConnectAsync(admin.Address.Host, admin.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/logs/live HTTP/1.1\r\nHost: {admin.Address.Authority}\r\n\r\n"));
        await UntilAsync(() => admin.Log.Feed.Watchers == 1);
        return socket;
    }

    private static async Task<string> NextAsync(StreamReader events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await events.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return Told(line[6..]);
            }
        }

        return "the end";
    }

    private static async Task<string> NextAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 << 10];
        var heard = await socket.ReceiveAsync(buffer, patience.Token);
        return Told(Encoding.UTF8.GetString(buffer, 0, heard.Count));
    }

    private static string Told(string json)
    {
        var message = JsonNode.Parse(json)!;
        return $"{message["type"]} {message["operation"]} {message["payload"]!["id"]}";
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 1000, "It did not come to that.");
            await Task.Delay(10);
        }
    }
}
