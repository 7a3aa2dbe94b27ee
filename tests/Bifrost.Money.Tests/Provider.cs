using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Money.Tests;

/// <summary>A provider that remembers by number which chats have reached it, and is as unreliable as a model's name says.</summary>
internal sealed class Provider : IAsyncDisposable
{
    /// <summary>Ends the connection instead of answering.</summary>
    public const string Hangs = "hangs-up";

    /// <summary>Ends the connection in the middle of a stream.</summary>
    public const string Breaks = "breaks-off";

    /// <summary>Streams without ever telling what was used.</summary>
    public const string Mute = "mute";

    /// <summary>Streams for two seconds.</summary>
    public const string Slow = "slow";

    private readonly FakeUpstream _server;

    private Provider(FakeUpstream server, ConcurrentDictionary<int, int> reached) => (_server, Reached) = (server, reached);

    /// <summary>How often each call has come.</summary>
    public ConcurrentDictionary<int, int> Reached { get; }

    public Uri Address => _server.Address;

    public static async Task<Provider> StartAsync(Func<Task>? before = null)
    {
        var reached = new ConcurrentDictionary<int, int>();
        var server = await FakeUpstream.StartAsync(async http =>
        {
            var body = http.Request.Method == "POST" ? (await JsonNode.ParseAsync(http.Request.Body))! : new JsonObject();
            http.Request.Body.Position = 0;
            if (int.TryParse((string?)body["messages"]?[0]?["content"], CultureInfo.InvariantCulture, out var number))
            {
                reached.AddOrUpdate(number, 1, static (_, times) => times + 1);
            }

            if (before is not null)
            {
                await before();
            }

            await AnswerAsync(http, body);
        });
        return new Provider(server, reached);
    }

    /// <summary>Writes a config.json with this provider as <c>openai</c> and the other one as <c>other</c>.</summary>
    public Task DescribeAsync(Provider other, StorePlace place) =>
        AGateway
            .Governed()
            .Provider("openai", Address)
            .Provider("other", other.Address)
            .Price(Hangs, Rates)
            .Price(Breaks, Rates)
            .Price(Mute, Rates)
            .Price(Slow, Rates)
            .WriteConfigAsync(place);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private const string Rates = """{"input": 3, "output": 7}""";

    private static async Task AnswerAsync(HttpContext http, JsonNode body)
    {
        var model = (string?)body["model"];
        if (http.Request.Method == "GET" && http.Request.Path.Value!.Contains("/responses/", StringComparison.Ordinal))
        {
            await FakeUpstream.WriteAsync(
                http,
                """
                {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"metered","output":[],
                "usage":{"input_tokens":10,"output_tokens":20,"total_tokens":30} }
                """
            );
            return;
        }

        if (model == Hangs)
        {
            http.Abort();
            return;
        }

        if (model is not (Breaks or Mute or Slow))
        {
            await MeteredUpstream.AnswerAsync(http);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        for (var piece = 0; piece < (model == Slow ? 100 : 3); piece++)
        {
            await http.Response.WriteAsync(MeteredUpstream.Chunk(model, "some words "), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (model == Slow)
            {
                await Task.Delay(20, http.RequestAborted);
            }
        }

        if (model == Breaks)
        {
            // What was written has to be on its way before the connection goes.
            await Task.Delay(20);
            http.Abort();
            return;
        }

        await http.Response.WriteAsync("data: [DONE]\n\n");
    }
}
