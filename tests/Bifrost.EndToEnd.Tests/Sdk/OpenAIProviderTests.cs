using System.ClientModel;
using System.Text.Json.Nodes;
using Bifrost.Simulator;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Files;

namespace Bifrost.EndToEnd.Tests.Sdk;

/// <summary>The provider <c>openai</c> next to Replicate: the SDK's bytes go through as they are.</summary>
public sealed class OpenAIProviderTests
{
    private const string Answer =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"hi","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""";

    [Theory]
    [InlineData("/v1", "openai/gpt-4o")]
    [InlineData("/openai", "gpt-4o")]
    [InlineData("/openai/v1", "gpt-4o")]
    public async Task A_chat_goes_through(string surface, string model)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        var options = new ChatCompletionOptions { Temperature = 0.5f, Seed = 42 };

        var result = await Stage.Sdk(gateway, surface).GetChatClient(model).CompleteChatAsync([new UserChatMessage("Hello")], options);

        Assert.Equal(
            ("hi", ChatFinishReason.Stop, 18),
            (result.Value.Content[0].Text, result.Value.FinishReason, result.Value.Usage.TotalTokenCount)
        );
        Assert.Equal(Answer, result.GetRawResponse().Content.ToString());
        Assert.Equal("/v1/chat/completions", upstream.Only.Path);
        Assert.Equal("Bearer sk-upstream", upstream.Only.Headers["Authorization"]);
        var sent = JsonNode.Parse(upstream.Only.Text)!;
        Assert.Equal(("gpt-4o", 42), ((string?)sent["model"], (int)sent["seed"]!));
    }

    [Fact]
    public async Task A_stream_goes_through()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var piece in new[] { "one ", "two ", "three" })
            {
                await http.Response.WriteAsync(
                    $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":"{{{piece}}}"},"finish_reason":null}]}"""
                        + "\n\n"
                );
                await http.Response.Body.FlushAsync();
            }

            await http.Response.WriteAsync(
                """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""
                    + "\n\ndata: [DONE]\n\n"
            );
        });
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        var pieces = new List<string>();
        ChatFinishReason? finish = null;
        await foreach (
            var update in Stage.Sdk(gateway, "/v1").GetChatClient("openai/gpt-4o").CompleteChatStreamingAsync(new UserChatMessage("Hello"))
        )
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(["one ", "two ", "three"], pieces);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.True((bool)JsonNode.Parse(upstream.Only.Text)!["stream_options"]!["include_usage"]!);
    }

    [Theory]
    [InlineData("/v1", "openai/text-embedding-3-small")]
    [InlineData("/openai", "text-embedding-3-small")]
    [InlineData("/openai/v1", "openai/text-embedding-3-small")]
    public async Task Embeddings_go_through(string surface, string model)
    {
        var first = Convert.ToBase64String(FloatsOf(0.5f, -1f));
        var second = Convert.ToBase64String(FloatsOf(2f, 4f));
        await using var upstream = await FakeUpstream.AnsweringAsync(
            $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":"{{{first}}}"},{"object":"embedding","index":1,"embedding":"{{{second}}}"}],"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}"""
        );
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        var vectors = (
            await Stage
                .Sdk(gateway, surface)
                .GetEmbeddingClient(model)
                .GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 2 })
        ).Value;

        Assert.Equal([0.5f, -1f], vectors[0].ToFloats().ToArray());
        Assert.Equal([2f, 4f], vectors[1].ToFloats().ToArray());
        Assert.Equal(8, vectors.Usage.TotalTokenCount);
        Assert.Equal("/v1/embeddings", upstream.Only.Path);
        var sent = JsonNode.Parse(upstream.Only.Text)!;
        Assert.Equal("""["one","two"]""", sent["input"]!.ToJsonString());
        Assert.Equal(("text-embedding-3-small", 2), ((string?)sent["model"], (int)sent["dimensions"]!));
    }

    [Fact]
    public async Task Embeddings_of_replicate_are_refused_in_words()
    {
        await using var stage = await Stage.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage.Sdk().GetEmbeddingClient("replicate/acme/embed").GenerateEmbeddingAsync("one")
        );

        Assert.Equal(400, error.Status);
        Assert.Contains("does not offer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_sdk_reaches_both_providers_by_model_name()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var simulator = await ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).Replicate(simulator).StartAsync();
        var sdk = Stage.Sdk(gateway, "/openai/v1");

        var bare = (await sdk.GetChatClient("gpt-4o").CompleteChatAsync(new UserChatMessage("Hello"))).Value;
        var named = (
            await sdk.GetChatClient("replicate/meta/meta-llama-3-8b-instruct").CompleteChatAsync(new UserChatMessage("Hello"))
        ).Value;

        Assert.Equal("hi", bare.Content[0].Text);
        Assert.Contains("simulated", named.Content[0].Text, StringComparison.Ordinal);
        Assert.Single(upstream.Seen);
        Assert.Single(simulator.Predictions);
    }

    [Fact]
    public async Task With_both_providers_files_belong_to_the_one_that_is_named()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(
            """{"id":"file-abc","object":"file","bytes":3,"created_at":1700000000,"filename":"a.bin","purpose":"user_data","status":"processed"}"""
        );
        await using var simulator = await ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).Replicate(simulator).StartAsync();
        var sdk = Stage.Sdk(gateway, "/openai/v1").GetOpenAIFileClient();

        var theirs = (await sdk.UploadFileAsync(new MemoryStream([1, 2, 3]), "a.bin", FileUploadPurpose.UserData)).Value;
        using var form = new MultipartFormDataContent
        {
            { new StringContent("user_data"), "purpose" },
            { new ByteArrayContent([1, 2, 3]), "file", "b.bin" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/openai/v1/files") { Content = form };
        request.Headers.Add("x-model-provider", "replicate");
        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal("file-abc", theirs.Id);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Single(upstream.Seen);
        Assert.Single(simulator.RequestsTo("POST", "/v1/files"));
    }

    [Fact]
    public async Task The_providers_error_is_the_sdks_error()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(
            """{"error":{"message":"Unsupported value: 'temperature'.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}""",
            400
        );
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Stage.Sdk(gateway, "/v1").GetChatClient("openai/o1").CompleteChatAsync(new UserChatMessage("Hello"))
        );

        Assert.Equal(400, error.Status);
        Assert.Contains("Unsupported value: 'temperature'.", error.Message, StringComparison.Ordinal);
    }

    private static byte[] FloatsOf(params float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();
}
