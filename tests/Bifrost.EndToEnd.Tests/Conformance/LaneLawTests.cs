using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Core;
using Bifrost.Core.Attempt;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.EndToEnd.Tests.Recordings;
using Bifrost.Testing;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Conformance;

/// <summary>The same upstream answer, taken verbatim by a chat caller and translated for a Responses caller, says the same.</summary>
public sealed class LaneLawTests
{
    private const string Whole =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße,\n\"Welt\" 🙂"},"finish_reason":"REASON"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}}""";

    private static readonly string[] Chunks =
    [
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":"Grüße,\n"}}]}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":"\"Welt\" 🙂"}}]}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"REASON"}]}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}}""",
    ];

    [Theory]
    [InlineData("stop", "completed", false)]
    [InlineData("stop", "completed", true)]
    [InlineData("length", "incomplete", false)]
    [InlineData("length", "incomplete", true)]
    public async Task Verbatim_and_translated_lanes_agree(string finish, string status, bool streams)
    {
        await using var upstream = await FakeUpstream.StartAsync(http => AnswerAsync(http, finish, streams));
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        var flag = streams ? ",\"stream\":true" : "";

        var verbatim = await Heard.OfAsync(
            gateway.PostAsync("/v1/chat/completions", $$"""{"model":"openai/m"{{flag}},"messages":[{"role":"user","content":"Say it."}]}""")
        );
        var translated = await TranslateAsync(upstream, $$"""{"model":"chatonly/m"{{flag}},"input":"Say it."}""", streams);

        var response = streams ? translated.Events[^1].GetProperty("response") : translated.Json;
        var chatUsage = streams
            ? verbatim.Events.Single(e => e.GetProperty("choices").GetArrayLength() == 0).GetProperty("usage")
            : verbatim.Json.GetProperty("usage");
        Assert.Equal("Grüße,\n\"Welt\" 🙂", verbatim.Content);
        Assert.Equal(verbatim.Content, TextOf(response));
        Assert.Equal(finish, streams ? verbatim.FinishReasons.Single() : FinishOf(verbatim.Json));
        Assert.Equal(status, response.GetProperty("status").GetString());
        Assert.Equal(
            (
                Number(chatUsage, "prompt_tokens"),
                Number(chatUsage, "completion_tokens"),
                Number(chatUsage, "total_tokens"),
                Number(chatUsage.GetProperty("prompt_tokens_details"), "cached_tokens"),
                Number(chatUsage.GetProperty("completion_tokens_details"), "reasoning_tokens")
            ),
            (
                Number(response.GetProperty("usage"), "input_tokens"),
                Number(response.GetProperty("usage"), "output_tokens"),
                Number(response.GetProperty("usage"), "total_tokens"),
                Number(response.GetProperty("usage").GetProperty("input_tokens_details"), "cached_tokens"),
                Number(response.GetProperty("usage").GetProperty("output_tokens_details"), "reasoning_tokens")
            )
        );
        if (streams)
        {
            Assert.Equal(verbatim.Content, translated.ResponseText);
        }
    }

    [Fact]
    public async Task A_translated_stream_that_falls_silent_ends_with_an_error_after_the_idle_limit()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Chunks[1]}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        });

        var heard = await TranslateAsync(upstream, """{"model":"chatonly/m","stream":true,"input":"Say it."}""", streams: true)
            .WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("Grüße,\n", heard.ResponseText);
        Assert.Contains("sent nothing for 1 s", heard.Error!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("response.completed", heard.Text, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(HttpContext http, string finish, bool streams)
    {
        if (!streams)
        {
            await FakeUpstream.WriteAsync(http, Whole.Replace("REASON", finish, StringComparison.Ordinal));
            return;
        }

        http.Response.ContentType = "text/event-stream";
        foreach (var chunk in Chunks)
        {
            await http.Response.WriteAsync($"data: {chunk.Replace("REASON", finish, StringComparison.Ordinal)}\n\n");
        }

        await http.Response.WriteAsync("data: [DONE]\n\n");
    }

    /// <summary>No provider of today lacks Responses, so one that does is made here and asked through the room that carries.</summary>
    private static async Task<Heard> TranslateAsync(FakeUpstream upstream, string body, bool streams)
    {
        var kind = new ChatOnly();
        var world = new WorldBuilder([kind], []).Build(
            new GatewayConfig
            {
                Providers = new Dictionary<string, ProviderConfig>
                {
                    [kind.Id] = new()
                    {
                        Kind = kind.Id,
                        Keys = [new KeyConfig { Name = "main", Value = new Secret("k") }],
                        Network = new NetworkConfig { BaseUrl = new Uri(upstream.Address, "/v1/"), StreamIdleTimeoutSeconds = 1 },
                    },
                },
            }
        );
        var provider = world.Providers[kind.Id];
        using var owned = provider.Http;
        var exchange = new AnExchange
        {
            World = world,
            Operation = Operation.Response,
            CallerSpeaks = OpenAIResponsesDialect.Instance,
            Body = body,
            Model = "chatonly/m",
            Streams = streams,
        }.Build();
        var target = new Target(provider, kind.OfferFor(Operation.Response)!, "m", provider.Keys[0], Lane.Translated);
        var outcome = await new HttpCarrier().CarryAsync(exchange, target, AnExchange.DeadlineOf(exchange));

        Assert.False(outcome.Failed(out var fault, out var answer), fault?.Message);
        await using var disposed = answer;
        var output = new ArrayBufferWriter<byte>();
        if (answer is WrittenAnswer written)
        {
            written.Write(exchange.CallerSpeaks, output);
        }
        else if (answer is StreamedAnswer stream)
        {
            var failed = false;
            while (!failed && await stream.WaitAsync(CancellationToken.None))
            {
                failed = stream.Failure is not null;
                stream.Write(output);
            }

            if (!failed)
            {
                stream.Finish(output);
            }
        }

        return new Heard(200, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static string TextOf(JsonElement response) =>
        string.Concat(
            response
                .GetProperty("output")
                .EnumerateArray()
                .Where(item => item.GetProperty("type").GetString() == "message")
                .SelectMany(item => item.GetProperty("content").EnumerateArray())
                .Select(part => part.GetProperty("text").GetString())
        );

    private static string? FinishOf(JsonElement reply) => reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString();

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();

    /// <summary>A provider that offers chat and nothing else.</summary>
    private sealed class ChatOnly : Provider
    {
        public override string Id => "chatonly";

        public override Uri Home { get; } = new("https://chatonly.test/v1/");

        public override ICredentialScheme Credentials { get; } = new NoCredential();

        public override IReadOnlyList<Offer> Offers { get; } =
        [new HttpOffer(Operation.Chat, OpenAIChatDialect.Instance, HttpMethod.Post, "chat/completions")];

        public override IReadOnlyList<string> TokenVariables => [];

        public override IModelSource Models => throw new NotSupportedException("It is asked for no list.");

        public override bool LooksLikeKey(string credential) => false;
    }

    private sealed class NoCredential : ICredentialScheme
    {
        public void Apply(System.Net.Http.Headers.HttpRequestHeaders headers, KeyModel key) { }
    }
}
