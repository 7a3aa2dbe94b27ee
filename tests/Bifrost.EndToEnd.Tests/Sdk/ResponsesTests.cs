using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI.Responses;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class ResponsesTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";
    private const string Asked = "replicate/" + Llama;
    private const string Reasoner = "replicate/deepseek-ai/deepseek-r1";

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_response_is_made_of_instructions_and_items_and_can_be_had_again(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Metrics(new JsonObject { ["input_token_count"] = 11, ["output_token_count"] = 7 });
        var client = stage.Sdk(surface).GetResponsesClient();
        var options = new CreateResponseOptions(
            Asked,
            [
                ResponseItem.CreateDeveloperMessageItem("Never rhyme."),
                ResponseItem.CreateUserMessageItem("One"),
                ResponseItem.CreateAssistantMessageItem("1"),
                ResponseItem.CreateUserMessageItem([ResponseContentPart.CreateInputTextPart("Two")]),
            ]
        )
        {
            Instructions = "Be brief.",
        };

        var made = (await client.CreateResponseAsync(options)).Value;
        var again = (await client.GetResponseAsync(made.Id)).Value;

        Assert.Contains("You said: \"Two\".", made.GetOutputText(), StringComparison.Ordinal);
        Assert.Equal((ResponseStatus.Completed, Asked), (made.Status, made.Model));
        Assert.StartsWith("resp_", made.Id, StringComparison.Ordinal);
        Assert.Equal((11, 7, 18), (made.Usage.InputTokenCount, made.Usage.OutputTokenCount, made.Usage.TotalTokenCount));
        var message = Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(made.OutputItems));
        Assert.Equal((MessageRole.Assistant, MessageStatus.Completed), (message.Role, message.Status));
        Assert.Equal((made.Id, made.GetOutputText(), made.Status), (again.Id, again.GetOutputText(), again.Status));
        Assert.Equal(7, again.Usage.OutputTokenCount);
        Assert.Equal(
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.\n\nNever rhyme.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nOne<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n1<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nTwo<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            (string?)stage.Input["prompt"]
        );
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_stream_tells_its_events_in_the_published_order(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Metrics(new JsonObject { ["input_token_count"] = 11, ["output_token_count"] = 7 });

        var updates = await StreamAsync(stage, Asked, surface);

        Assert.Equal(
            [
                "response.created",
                "response.in_progress",
                "response.output_item.added",
                "response.content_part.added",
                "response.output_text.delta",
                "response.output_text.done",
                "response.content_part.done",
                "response.output_item.done",
                "response.completed",
            ],
            Collapsed(updates)
        );
        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(update => update.SequenceNumber));
        var deltas = updates.OfType<StreamingResponseOutputTextDeltaUpdate>().ToList();
        var text = string.Concat(deltas.Select(delta => delta.Delta));
        Assert.True(deltas.Count > 10, "The answer came in one piece.");
        Assert.Equal(text, updates.OfType<StreamingResponseOutputTextDoneUpdate>().Single().Text);
        var item = updates.OfType<StreamingResponseOutputItemAddedUpdate>().Single().Item.Id;
        Assert.All(deltas, delta => Assert.Equal((item, 0, 0), (delta.ItemId, delta.OutputIndex, delta.ContentIndex)));
        var created = updates.OfType<StreamingResponseCreatedUpdate>().Single().Response;
        var completed = updates.OfType<StreamingResponseCompletedUpdate>().Single().Response;
        Assert.Equal((created.Id, text, ResponseStatus.Completed), (completed.Id, completed.GetOutputText(), completed.Status));
        Assert.Equal((11, 7), (completed.Usage.InputTokenCount, completed.Usage.OutputTokenCount));
        Assert.Equal(text, (await stage.Sdk(surface).GetResponsesClient().GetResponseAsync(completed.Id)).Value.GetOutputText());
    }

    [Fact]
    public async Task Thoughts_are_an_item_of_their_own_before_the_message()
    {
        await using var stage = await Stage.StartAsync();

        var made = (await stage.Sdk().GetResponsesClient().CreateResponseAsync(Reasoner, "Hello there")).Value;

        Assert.Equal(2, made.OutputItems.Count);
        var thoughts = Assert.IsType<ReasoningResponseItem>(made.OutputItems[0]);
        Assert.Contains("I am a simulation", thoughts.GetSummaryText() + thoughts.Patch, StringComparison.Ordinal);
        Assert.IsAssignableFrom<MessageResponseItem>(made.OutputItems[1]);
        Assert.StartsWith("This is a simulated answer", made.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streamed_thoughts_come_whole_before_the_message_begins()
    {
        await using var stage = await Stage.StartAsync();

        var updates = await StreamAsync(stage, Reasoner);

        var kinds = Collapsed(updates);
        var messageBegins = updates.FindIndex(update => update is StreamingResponseOutputItemAddedUpdate { Item: MessageResponseItem });
        var thoughtsEnd = updates.FindIndex(update => update is StreamingResponseOutputItemDoneUpdate { Item: ReasoningResponseItem });
        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added"], kinds[..3]);
        Assert.IsType<ReasoningResponseItem>(updates.OfType<StreamingResponseOutputItemAddedUpdate>().First().Item);
        Assert.True(thoughtsEnd > 0 && thoughtsEnd < messageBegins, string.Join('\n', kinds));
        Assert.Contains(
            kinds,
            kind => kind.StartsWith("response.reasoning", StringComparison.Ordinal) && kind.EndsWith(".delta", StringComparison.Ordinal)
        );
        Assert.Equal("response.completed", kinds[^1]);
        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(update => update.SequenceNumber));
        Assert.DoesNotContain(
            "think>",
            string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(delta => delta.Delta)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_token_limit_leaves_the_response_incomplete()
    {
        await using var stage = await Stage.StartAsync();
        var options = new CreateResponseOptions(Asked, [ResponseItem.CreateUserMessageItem("Hello")]) { MaxOutputTokenCount = 5 };

        var made = (await stage.Sdk().GetResponsesClient().CreateResponseAsync(options)).Value;
        options.StreamingEnabled = true;
        var last = new List<StreamingResponseUpdate>();
        await foreach (var update in await stage.Sdk().GetResponsesClient().CreateResponseStreamingAsync(options))
        {
            last.Add(update);
        }

        Assert.Equal(ResponseStatus.Incomplete, made.Status);
        Assert.Equal("max_output_tokens", made.IncompleteStatusDetails.Reason.ToString());
        Assert.IsType<StreamingResponseIncompleteUpdate>(last[^1]);
        Assert.All(stage.Creates, create => Assert.Equal(5, (int)create.Input()!["max_tokens"]!));
    }

    [Fact]
    public async Task A_picture_among_the_input_reaches_the_model()
    {
        await using var stage = await Stage.StartAsync();
        var picture = BinaryData.FromBytes(Pictures.Png(1, 1, 0, 0, 255, 255), "image/png");

        await stage
            .Sdk()
            .GetResponsesClient()
            .CreateResponseAsync(
                "replicate/yorickvp/llava-13b",
                [
                    ResponseItem.CreateUserMessageItem([
                        ResponseContentPart.CreateInputTextPart("What is this?"),
                        ResponseContentPart.CreateInputImagePart(picture),
                    ]),
                ]
            );

        Assert.Equal("data:image/png;base64," + Convert.ToBase64String(picture), (string?)stage.Input["image"]);
        Assert.Equal("What is this?", (string?)stage.Input["prompt"]);
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_background_response_is_queued_then_in_progress_then_completed(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Steps("starting", "processing", "succeeded");
        var client = stage.Sdk(surface).GetResponsesClient();
        var options = new CreateResponseOptions(Asked, [ResponseItem.CreateUserMessageItem("Hello")]) { BackgroundModeEnabled = true };

        var made = (await client.CreateResponseAsync(options)).Value;
        var seen = new List<ResponseResult>();
        for (var i = 0; i < 3; i++)
        {
            seen.Add((await client.GetResponseAsync(made.Id)).Value);
        }

        Assert.Equal(ResponseStatus.Queued, made.Status);
        Assert.Empty(made.OutputItems);
        Assert.Equal(
            [ResponseStatus.Queued, ResponseStatus.InProgress, ResponseStatus.Completed],
            seen.Select(response => response.Status!.Value)
        );
        Assert.Contains("You said: \"Hello\".", seen[^1].GetOutputText(), StringComparison.Ordinal);
        Assert.All(seen, response => Assert.Equal(made.Id, response.Id));
    }

    [Fact]
    public async Task A_background_response_survives_its_callers_leaving_and_ends_when_cancelled()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).NeverFinishes();
        var options = new CreateResponseOptions(Asked, [ResponseItem.CreateUserMessageItem("Hello")]) { BackgroundModeEnabled = true };
        var made = (await stage.Sdk().GetResponsesClient().CreateResponseAsync(options)).Value;
        var prediction = stage.Simulator.Predictions.Single();
        Assert.False(prediction.IsTerminal);

        var cancelled = (await stage.Sdk("/openai").GetResponsesClient().CancelResponseAsync(made.Id)).Value;
        var again = (await stage.Sdk().GetResponsesClient().GetResponseAsync(made.Id)).Value;

        Assert.Equal((ResponseStatus.Cancelled, ResponseStatus.Cancelled), (cancelled.Status, again.Status));
        Assert.True(prediction.Cancelled);
    }

    [Fact]
    public async Task A_failed_background_response_says_why()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Llama).Fails("CUDA out of memory");
        var client = stage.Sdk().GetResponsesClient();
        var options = new CreateResponseOptions(Asked, [ResponseItem.CreateUserMessageItem("Hello")]) { BackgroundModeEnabled = true };

        var made = (await client.CreateResponseAsync(options)).Value;
        await Testing.Eventually.IsTrueAsync(() => stage.Simulator.Predictions.Single().IsTerminal);
        var failed = (await client.GetResponseAsync(made.Id)).Value;

        Assert.Equal(ResponseStatus.Failed, failed.Status);
        Assert.NotEmpty(failed.Error.Message);
    }

    [Fact]
    public async Task Ids_that_were_tampered_with_or_made_up_are_404s_and_nothing_is_asked_upstream()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetResponsesClient();
        var made = (await client.CreateResponseAsync(Asked, "Hello")).Value;
        var before = stage.Simulator.Requests.Count;

        foreach (var id in new[] { Tampered(made.Id), "resp_made_up", "video_" + made.Id[5..], stage.Simulator.Predictions.Single().Id })
        {
            var get = await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync(id));
            var cancel = await Assert.ThrowsAsync<ClientResultException>(() => client.CancelResponseAsync(id));
            Assert.Equal((404, 404), (get.Status, cancel.Status));
        }

        Assert.Equal(before, stage.Simulator.Requests.Count);
    }

    /// <summary>One character in the middle becomes another.</summary>
    internal static string Tampered(string id)
    {
        var at = id.Length / 2;
        return string.Concat(id.AsSpan(0, at), id[at] == 'A' ? "B" : "A", id.AsSpan(at + 1));
    }

    private static async Task<List<StreamingResponseUpdate>> StreamAsync(Stage stage, string model, string surface = "/v1")
    {
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("Hello there")]) { StreamingEnabled = true };
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in await stage.Sdk(surface).GetResponsesClient().CreateResponseStreamingAsync(options))
        {
            updates.Add(update);
        }

        return updates;
    }

    /// <summary>The kinds of events, runs of the same one as one.</summary>
    private static List<string> Collapsed(List<StreamingResponseUpdate> updates)
    {
        var kinds = new List<string>();
        foreach (var kind in updates.Select(update => update.Kind.ToString()))
        {
            if (kinds.Count == 0 || kinds[^1] != kind)
            {
                kinds.Add(kind);
            }
        }

        return kinds;
    }
}
