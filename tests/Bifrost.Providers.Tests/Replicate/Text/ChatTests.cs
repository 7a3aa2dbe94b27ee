using System.Text.Json.Nodes;
using Bifrost.Testing;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Text;

/// <summary>Conformance cases 18, 19, 22, 24 and 26 to 29: chats that are answered whole.</summary>
public sealed class ChatTests
{
    private const string R1 = "deepseek-ai/deepseek-r1";

    [Fact]
    public async Task Case_18_a_system_turn_is_written_into_the_prompt_of_a_model_without_a_place_for_it()
    {
        await using var stage = await OpenAsync();
        var body = Chat();
        body["messages"]!.AsArray().Insert(0, new JsonObject { ["role"] = "system", ["content"] = "Be brief." });

        Assert.Null((await stage.ChatAsync(body)).Fault);

        var input = Assert.Single(stage.Creates).Input()!;
        Assert.Contains("Be brief.", input["prompt"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("{prompt}", input["prompt_template"]!.ToString());
        Assert.False(input.ContainsKey("system_prompt"));
    }

    [Fact]
    public async Task Case_19_three_turns_become_a_transcript_that_is_the_assistants_to_go_on()
    {
        await using var stage = await OpenAsync();
        var body = Chat("Hello.", R1);
        body["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = "Hi." });
        body["messages"]!.AsArray().Add(new JsonObject { ["role"] = "user", ["content"] = "How are you?" });

        Assert.Null((await stage.ChatAsync(body)).Fault);

        var prompt = Assert.Single(stage.Creates).Input()!["prompt"]!.ToString();
        Assert.Contains("User: Hello.", prompt, StringComparison.Ordinal);
        Assert.Contains("Assistant: Hi.", prompt, StringComparison.Ordinal);
        Assert.EndsWith("Assistant:", prompt.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_22_a_stop_sequence_cuts_the_answer_and_stops_the_prediction()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Outputs("one x", ",y two", " three").Stall());
        var body = Chat();
        body["stop"] = new JsonArray("x,y");

        var told = await stage.ChatAsync(body);

        Assert.Equal("one ", told.Content);
        Assert.Equal("stop", told.Finish);
        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => stage.Sim.OpenStreams == 0);
    }

    [Fact]
    public async Task Case_24_a_large_picture_is_uploaded_first()
    {
        await using var stage = await OpenAsync();

        Assert.Null((await stage.ChatAsync(WithPicture(300 * 1024))).Fault);

        Assert.Single(stage.Sim.RequestsTo("POST", "/v1/files"));
        Assert.StartsWith(stage.Model.Base + "files/", Picture(stage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_24_a_small_picture_travels_in_the_request()
    {
        await using var stage = await OpenAsync();

        Assert.Null((await stage.ChatAsync(WithPicture(100 * 1024))).Fault);

        Assert.Empty(stage.Sim.RequestsTo("POST", "/v1/files"));
        Assert.StartsWith("data:image/png;base64,", Picture(stage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_26_thinking_is_told_apart_from_the_answer()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(R1).Streams(s => s.Outputs("<think>a</think>b").Done());

        var told = await stage.ChatAsync(Chat(model: R1));

        Assert.Equal("b", told.Content);
        Assert.Equal("a", told.Reply!["choices"]![0]!["message"]!["reasoning_content"]!.ToString());
    }

    [Fact]
    public async Task Case_26_thinking_is_told_apart_when_its_tags_are_split()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(R1).Streams(s => s.Outputs("<th", "ink>", "a</thi", "nk", ">", "b").Done());

        var heard = await stage.ChatStreamAsync(Chat(model: R1));

        Assert.Equal("b", heard.Content);
        Assert.Equal("a", heard.Reasoning);
    }

    [Fact]
    public async Task Case_27_an_answer_as_long_as_the_limit_was_cut()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Output(new JsonArray("a", "b")).Metrics(Counts(5, 2));
        var body = Chat();
        body["max_tokens"] = 2;

        Assert.Equal("length", (await stage.ChatAsync(body)).Finish);
    }

    [Fact]
    public async Task Case_28_usage_is_read_from_the_metrics()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Metrics(Counts(11, 22));

        var told = await stage.ChatAsync();

        Assert.Equal(33, told.Reply!["usage"]!["total_tokens"]!.GetValue<int>());
        Assert.False(stage.Last.Usage!.Estimated);
    }

    [Fact]
    public async Task Case_28_usage_is_read_from_the_logs_when_the_metrics_lack_it()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).NoMetrics().Logs("Input token count: 12\nOutput token count: 34\n");

        await stage.ChatAsync();

        Assert.Equal((12, 34, false), (stage.Last.Usage!.InputTokens, stage.Last.Usage.OutputTokens, stage.Last.Usage.Estimated));
    }

    [Fact]
    public async Task Case_28_usage_is_estimated_when_nobody_reports_it()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).NoMetrics().Logs("");

        await stage.ChatAsync();

        Assert.True(stage.Last.Usage!.Estimated);
        Assert.True(stage.Last.Usage.OutputTokens > 0);
    }

    [Fact]
    public async Task Case_29_two_choices_are_two_predictions()
    {
        await using var stage = await OpenAsync();
        var body = Chat(model: R1);
        body["n"] = 2;

        var told = await stage.ChatAsync(body);

        Assert.Null(told.Fault);
        Assert.Equal(2, stage.Creates.Count);
        Assert.Equal([0, 1], told.Reply!["choices"]!.AsArray().Select(choice => choice!["index"]!.GetValue<int>()));
        Assert.Equal(2, stage.Sim.Predictions.Count);
    }

    [Fact]
    public async Task Case_29_two_choices_have_different_seeds_where_the_model_takes_one()
    {
        await using var stage = await OpenAsync();
        var body = Chat(model: "meta/llama-2-70b-chat");
        body["n"] = 2;

        Assert.Null((await stage.ChatAsync(body)).Fault);

        Assert.Equal(2, stage.Creates.Select(create => create.Input()!["seed"]!.ToString()).Distinct().Count());
    }

    [Fact]
    public async Task Case_29_when_one_of_two_choices_cannot_be_started_the_other_is_cancelled()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).NeverFinishes();
        stage.Sim.Script.On("POST", "/v1/models/*").Times(1).Answer(Simulator.Problem.Throttled(1));
        var body = Chat();
        body["n"] = 2;

        Assert.NotNull((await stage.ChatAsync(body)).Fault);

        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Two_streamed_choices_arrive_under_their_own_index()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Times(1).Streams(s => s.Outputs("a", "b").Done());
        stage.Sim.Script.Model(Llama).Times(1).Streams(s => s.Outputs("x", "y").Done());
        var body = Chat();
        body["n"] = 2;

        var heard = await stage.ChatStreamAsync(body);

        Assert.Null(heard.Fault);
        Assert.Equal(2, heard.FinishReasons.Count);
        string Of(int index) =>
            string.Concat(
                heard
                    .Events.SelectMany(e => e["choices"]!.AsArray())
                    .Where(choice => choice!["index"]!.GetValue<int>() == index)
                    .Select(choice => choice!["delta"]?["content"]?.ToString())
            );
        Assert.Equal(["ab", "xy"], new[] { Of(0), Of(1) }.Order());
    }

    [Fact]
    public async Task When_one_of_two_streamed_choices_fails_the_other_is_stopped()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Times(1).Streams(s => s.Output("a").Error("boom").Done("error"));
        stage.Sim.Script.Model(Llama).Times(1).Streams(s => s.Output("x").Stall());
        var body = Chat();
        body["n"] = 2;

        var heard = await stage.ChatStreamAsync(body);

        Assert.NotNull(heard.Fault);
        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => stage.Sim.OpenStreams == 0);
    }

    [Fact]
    public async Task A_dropped_parameter_is_noted_and_in_strict_mode_refused()
    {
        await using var stage = await OpenAsync();
        var body = Chat();
        body["seed"] = 7;

        Assert.Null((await stage.ChatAsync(body)).Fault);
        Assert.Contains(stage.Last.Notes, note => note is { Parameter: "seed", Change: "dropped" });

        var strict = await stage.ChatAsync(body, new Asking { Strict = true });
        Assert.Equal("seed", strict.Fault!.Param);
        Assert.Single(stage.Creates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_of_the_moment_before_the_first_word_is_tried_once_more(bool mends)
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Times(mends ? 1 : 9).Fails("Prediction interrupted (E1000)");
        stage.Sim.Script.Model(Llama).Output(new JsonArray("Hello"));

        var told = await stage.ChatAsync();

        Assert.Equal(mends ? "Hello" : null, told.Reply is null ? null : told.Content);
        Assert.Equal(mends ? null : 502, told.Fault?.Status);
        Assert.Equal(2, stage.Creates.Count);
    }

    [Fact]
    public async Task The_prediction_is_named_on_the_exchange()
    {
        await using var stage = await OpenAsync();

        var told = await stage.ChatAsync();

        var id = stage.Sim.Predictions.Single().Id;
        Assert.Equal(id, stage.Last.UpstreamId);
        Assert.Equal("chatcmpl-" + id, told.Reply!["id"]!.ToString());
        Assert.Equal(Llama, stage.Last.AnsweredModel);
    }

    private static JsonObject Counts(double input, double output) =>
        new()
        {
            ["input_token_count"] = input,
            ["output_token_count"] = output,
            ["predict_time"] = 1.5,
        };

    private static JsonObject WithPicture(int bytes)
    {
        var picture = new byte[bytes];
        new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }.CopyTo(picture, 0);
        var body = Chat(model: "openai/gpt-4o");
        body["messages"]![0]!["content"] = new JsonArray(
            new JsonObject { ["type"] = "text", ["text"] = "What is this?" },
            new JsonObject
            {
                ["type"] = "image_url",
                ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64," + Convert.ToBase64String(picture) },
            }
        );
        return body;
    }

    private static string Picture(Stage stage) => Assert.Single(stage.Creates).Input()!["image_input"]![0]!.ToString();
}
