using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI.Chat;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class ChatTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";
    private const string Reasoner = "deepseek-ai/deepseek-r1";
    private const string Reply =
        "This is a simulated answer from Bifrost's demo, standing in for meta/meta-llama-3-8b-instruct. You said: \"Hello there\".";

    private static readonly ChatMessage[] Hello = [new SystemChatMessage("Be brief."), new UserChatMessage("Hello there")];

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_chat_with_a_system_prompt_is_written_in_llamas_own_words(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Metrics(new JsonObject { ["input_token_count"] = 11, ["output_token_count"] = 7 });

        var reply = (await stage.Sdk(surface).GetChatClient("replicate/" + Llama).CompleteChatAsync(Hello)).Value;

        Assert.StartsWith(Reply, reply.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        Assert.Equal(ChatMessageRole.Assistant, reply.Role);
        Assert.Equal("replicate/" + Llama, reply.Model);
        Assert.StartsWith("chatcmpl-", reply.Id, StringComparison.Ordinal);
        Assert.Equal((11, 7, 18), (reply.Usage.InputTokenCount, reply.Usage.OutputTokenCount, reply.Usage.TotalTokenCount));
        Assert.Equal($"/v1/models/{Llama}/predictions", stage.Create.Path);
        Assert.Equal("Bearer r8_main", stage.Create.Header("Authorization"));
        Assert.Equal(
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHello there<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            (string?)stage.Input["prompt"]
        );
        Assert.Equal("{prompt}", (string?)stage.Input["prompt_template"]);
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_stream_comes_in_pieces_and_ends_with_reason_and_usage(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Metrics(new JsonObject { ["input_token_count"] = 11, ["output_token_count"] = 7 });

        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in stage.Sdk(surface).GetChatClient("replicate/" + Llama).CompleteChatStreamingAsync(Hello))
        {
            updates.Add(update);
        }

        var pieces = updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text).Where(text => text.Length > 0).ToList();
        Assert.StartsWith(Reply, string.Concat(pieces), StringComparison.Ordinal);
        Assert.True(pieces.Count > 10, "The answer came in one piece.");
        Assert.Equal(ChatMessageRole.Assistant, updates[0].Role);
        Assert.Equal(ChatFinishReason.Stop, updates[^2].FinishReason);
        Assert.Single(updates, update => update.FinishReason is not null);
        Assert.Equal((11, 7), (updates[^1].Usage.InputTokenCount, updates[^1].Usage.OutputTokenCount));
        Assert.Single(updates, update => update.Usage is not null);
        Assert.Single(updates.Select(update => update.CompletionId).Distinct());
        Assert.All(updates, update => Assert.Equal("replicate/" + Llama, update.Model));
        Assert.Equal(1, stage.Simulator.Predictions.Single().Connections);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(""","stream_options":{"include_usage":false}""", 0)]
    [InlineData(""","stream_options":{"include_usage":true}""", 1)]
    public async Task Usage_is_streamed_only_when_asked_for(string options, int expected)
    {
        await using var stage = await Stage.StartAsync();

        using var response = await stage.Gateway.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"replicate/{{Llama}}","messages":[{"role":"user","content":"hi"}],"stream":true{{options}}}"""
        );
        var events = await Stage.EventsOfAsync(response);

        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(expected, events[..^1].Count(data => JsonNode.Parse(data)!["usage"] is not null));
    }

    [Theory]
    [InlineData(Llama)]
    [InlineData("meta/meta-llama-3-70b-instruct")]
    [InlineData(Reasoner)]
    public async Task Every_text_model_of_the_issue_answers_with_and_without_a_stream(string model)
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetChatClient("replicate/" + model);

        var whole = (await client.CompleteChatAsync(Hello)).Value;
        var streamed = "";
        await foreach (var update in client.CompleteChatStreamingAsync(Hello))
        {
            streamed += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.StartsWith("This is a simulated answer", whole.Content[0].Text, StringComparison.Ordinal);
        Assert.Contains(model, whole.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(whole.Content[0].Text, streamed);
        Assert.All(stage.Creates, create => Assert.Equal($"/v1/models/{model}/predictions", create.Path));
    }

    [Fact]
    public async Task A_stop_sequence_cuts_the_answer_even_if_the_model_knows_none()
    {
        await using var stage = await Stage.StartAsync();
        var options = new ChatCompletionOptions { StopSequences = { "Bifrost's", "nowhere" } };
        var client = stage.Sdk().GetChatClient("replicate/" + Llama);

        var whole = (await client.CompleteChatAsync(Hello, options)).Value;
        var streamed = "";
        ChatFinishReason? finish = null;
        await foreach (var update in client.CompleteChatStreamingAsync(Hello, options))
        {
            streamed += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal("This is a simulated answer from ", whole.Content[0].Text);
        Assert.Equal("This is a simulated answer from ", streamed);
        Assert.Equal((ChatFinishReason.Stop, ChatFinishReason.Stop), (whole.FinishReason, finish));
    }

    [Fact]
    public async Task Stop_sequences_and_seed_go_up_where_the_model_takes_them()
    {
        await using var stage = await Stage.StartAsync();
        var options = new ChatCompletionOptions
        {
            StopSequences = { "END" },
            Seed = 42,
            Temperature = 0.5f,
            TopP = 0.8f,
        };

        await stage.Sdk().GetChatClient("replicate/meta/llama-2-70b-chat").CompleteChatAsync(Hello, options);

        Assert.Equal("END", (string?)stage.Input["stop_sequences"]);
        Assert.Equal(42, (long)stage.Input["seed"]!);
        Assert.Equal(0.5, (double)stage.Input["temperature"]!, 5);
        Assert.Equal(0.8, (double)stage.Input["top_p"]!, 5);
        Assert.Equal("Be brief.", (string?)stage.Input["system_prompt"]);
    }

    [Fact]
    public async Task A_seed_the_model_cannot_take_is_dropped_and_said_so()
    {
        await using var stage = await Stage.StartAsync();

        var result = await stage
            .Sdk()
            .GetChatClient("replicate/" + Llama)
            .CompleteChatAsync(Hello, new ChatCompletionOptions { Seed = 42 });

        Assert.False(stage.Input.ContainsKey("seed"));
        Assert.Contains("seed", Stage.HeaderOf(result, "x-bf-dropped-params"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Llama, "max_tokens")]
    [InlineData("meta/llama-2-70b-chat", "max_new_tokens")]
    [InlineData("openai/gpt-4o", "max_completion_tokens")]
    public async Task A_token_limit_goes_up_under_the_models_own_name_and_ends_with_length(string model, string name)
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetChatClient("replicate/" + model);
        var modern = new ChatCompletionOptions { MaxOutputTokenCount = 5 };
        var old = new ChatCompletionOptions();
        old.Patch.Set("$.max_tokens"u8, 5);

        var replies = new[] { (await client.CompleteChatAsync(Hello, modern)).Value, (await client.CompleteChatAsync(Hello, old)).Value };

        Assert.All(stage.Creates, create => Assert.Equal(5, (int)create.Input()![name]!));
        Assert.All(replies, reply => Assert.Equal(ChatFinishReason.Length, reply.FinishReason));
        Assert.All(replies, reply => Assert.Equal(5, reply.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task A_streams_token_limit_ends_it_with_length()
    {
        await using var stage = await Stage.StartAsync();
        ChatFinishReason? finish = null;

        await foreach (
            var update in stage
                .Sdk()
                .GetChatClient("replicate/" + Llama)
                .CompleteChatStreamingAsync(Hello, new ChatCompletionOptions { MaxOutputTokenCount = 5 })
        )
        {
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(ChatFinishReason.Length, finish);
    }

    [Fact]
    public async Task Usage_that_replicate_does_not_report_is_estimated_and_marked()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).NoMetrics();

        var result = await stage.Sdk().GetChatClient("replicate/" + Llama).CompleteChatAsync(Hello);

        Assert.True(result.Value.Usage is { InputTokenCount: > 0, OutputTokenCount: > 0 });
        Assert.Equal("true", Stage.HeaderOf(result, "x-bf-usage-estimated"));
    }

    [Fact]
    public async Task Deepseeks_thoughts_are_kept_apart_from_its_answer()
    {
        await using var stage = await Stage.StartAsync();

        var result = await stage.Sdk().GetChatClient("replicate/" + Reasoner).CompleteChatAsync(Hello);

        var message = Stage.JsonOf(result).GetProperty("choices")[0].GetProperty("message");
        Assert.Contains("I am a simulation, so I say so", message.GetProperty("reasoning_content").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("This is a simulated answer", result.Value.Content[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("think>", result.GetRawResponse().Content.ToString(), StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, result.Value.FinishReason);
        Assert.Equal("Be brief.\n\nHello there", (string?)stage.Input["prompt"]);
    }

    [Fact]
    public async Task Deepseeks_thoughts_are_streamed_before_its_answer()
    {
        await using var stage = await Stage.StartAsync();
        var thoughts = "";
        var answer = "";

        await foreach (var update in stage.Sdk().GetChatClient("replicate/" + Reasoner).CompleteChatStreamingAsync(Hello))
        {
            var json = JsonNode.Parse(ModelReaderWriter.Write(update, new ModelReaderWriterOptions("J")))!;
            if (json["choices"] is JsonArray { Count: > 0 } choices && (string?)choices[0]!["delta"]?["reasoning_content"] is { } thought)
            {
                Assert.Empty(answer);
                thoughts += thought;
            }

            answer += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.Contains("I am a simulation, so I say so", thoughts, StringComparison.Ordinal);
        Assert.StartsWith("This is a simulated answer", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("think>", thoughts + answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_fails_halfway_gives_no_reason_to_stop_but_an_error()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Streams(script => script.Outputs("Once ", "upon ").Error("CUDA out of memory").Done("error"));
        var text = "";
        var last = "";

        // The SDK for C# takes the error's event for an empty chunk; it can be told only by the missing reason, or by its JSON.
        await foreach (var update in stage.Sdk().GetChatClient("replicate/" + Llama).CompleteChatStreamingAsync(Hello))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            last = ModelReaderWriter.Write(update, new ModelReaderWriterOptions("J")).ToString();
            Assert.Null(update.FinishReason);
        }

        Assert.Equal("Once upon ", text);
        Assert.Contains("CUDA out of memory", (string?)JsonNode.Parse(last)!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_a_stream_cancels_the_prediction()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Streams(script => script.Outputs("Once ", "upon ").Stall()).NeverFinishes();

        await foreach (var update in stage.Sdk().GetChatClient("replicate/" + Llama).CompleteChatStreamingAsync(Hello))
        {
            if (update.ContentUpdate.Count > 0 && update.ContentUpdate[0].Text.Length > 0)
            {
                break;
            }
        }

        await Testing.Eventually.IsTrueAsync(() => stage.Simulator.Predictions.Single().Cancelled);
    }

    [Fact]
    public async Task Several_choices_are_several_predictions()
    {
        await using var stage = await Stage.StartAsync();
        var options = new ChatCompletionOptions();
        options.Patch.Set("$.n"u8, 3);

        var result = await stage.Sdk().GetChatClient("replicate/" + Llama).CompleteChatAsync(Hello, options);

        var choices = Stage.JsonOf(result).GetProperty("choices");
        Assert.Equal([0, 1, 2], choices.EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(3, stage.Creates.Count);
    }

    [Fact]
    public async Task A_deployment_is_called_by_its_own_address()
    {
        await using var stage = await Stage.StartAsync();

        var reply = (await stage.Sdk().GetChatClient("replicate/deployments/acme/chat").CompleteChatAsync(Hello)).Value;

        Assert.Equal("/v1/deployments/acme/chat/predictions", stage.Create.Path);
        Assert.StartsWith(Reply, reply.Content[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_prediction_is_an_error_of_the_sdk_with_the_models_words()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Fails("NSFW content detected. Try a different prompt.");

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage.Sdk().GetChatClient("replicate/" + Llama).CompleteChatAsync(Hello)
        );

        Assert.Equal(400, error.Status);
        Assert.Contains("NSFW", error.Message, StringComparison.Ordinal);
    }
}
