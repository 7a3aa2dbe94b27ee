using System.Text.Json;

namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>Recorded language models, asked through the gateway.</summary>
public sealed class TextRecordingTests
{
    [Fact]
    [Plays("models-predictions-create")]
    public async Task A_model_without_a_stream_is_polled_to_its_answer()
    {
        // The model's own description is in another recording.
        await using var replay = await Replay.OfAsync("models-predictions-create", "predictions-stream");

        var heard = await AskAsync(replay, "meta/llama-2-70b-chat", "Please write a haiku about llamas.");

        Assert.Equal(200, heard.Status);
        Assert.Equal("Fur so soft\n", heard.Content);
        Assert.Equal("chatcmpl-heat2o3bzn3ahtr6bjfftvbaci", heard.Json.GetProperty("id").GetString());
        Assert.Equal("replicate/meta/llama-2-70b-chat", heard.Json.GetProperty("model").GetString());
        // 2023-11-27T13:35:45.99397566Z, with more digits than most clocks have.
        Assert.Equal(1701092145, heard.Json.GetProperty("created").GetInt64());
        Assert.Equal((12, 4), UsageOf(heard));
        Assert.Contains("Please write a haiku about llamas.", Input(replay, "prompt"), StringComparison.Ordinal);
    }

    [Fact]
    [Plays("models-predictions-create-blocking")]
    public async Task An_answer_that_is_complete_while_still_processing_is_given_with_its_usage()
    {
        await using var replay = await Replay.OfAsync("models-predictions-create-blocking");

        var heard = await AskAsync(replay, "meta/meta-llama-3-8b-instruct", "Please write a haiku about llamas");

        var recorded = replay.Exchanges[0].Json.GetProperty("output").EnumerateArray().Select(piece => piece.GetString());
        Assert.Equal(string.Concat(recorded), heard.Content);
        Assert.StartsWith("\n\nHere is a haiku about llamas:\n\nFuzzy, gentle eyes\n", heard.Content, StringComparison.Ordinal);
        Assert.Equal((18, 19), UsageOf(heard));
    }

    [Fact]
    [Plays("predictions-create-by-model")]
    public async Task Each_of_two_calls_gets_its_own_predictions_answer_under_the_name_it_asked_for()
    {
        await using var replay = await Replay.OfAsync("predictions-create-by-model");

        var first = await AskAsync(replay, "meta/meta-llama-3-8b-instruct", "write a haiku about llamas");
        var second = await AskAsync(replay, "meta/meta-llama-3-8b-instruct", "write a haiku about llamas");

        Assert.Equal("chatcmpl-vpx8dks2pnrgg0cf0p2b7p13hc", first.Json.GetProperty("id").GetString());
        Assert.Equal("chatcmpl-vcp9g11jexrgp0cf0p2bweyqyg", second.Json.GetProperty("id").GetString());
        Assert.Equal("Soft wool, calm eyes", first.Content);
        // Upstream calls it replicate-internal/llama-3-8b-instruct-int8-triton.
        Assert.Equal("replicate/meta/meta-llama-3-8b-instruct", first.Json.GetProperty("model").GetString());
        Assert.All(replay.Creates, create => Assert.Equal("/v1/models/meta/meta-llama-3-8b-instruct/predictions", create.Path));
    }

    [Fact]
    [Plays("predictions-stream")]
    public async Task A_version_streams_as_it_was_recorded()
    {
        await using var replay = await Replay.OfAsync("predictions-stream");
        const string model = "replicate/meta/llama-2-70b-chat:02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";

        var heard = await Heard.OfAsync(
            replay.Gateway.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"write a sonnet about camelids"}]}"""
            )
        );

        Assert.Equal("Camels and llamas\n", heard.Content);
        Assert.Equal("assistant", heard.Events[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal(["stop"], heard.FinishReasons);
        Assert.True(heard.IsDone);
        var create = Assert.Single(replay.Creates);
        Assert.Equal("/v1/predictions", create.Path);
        Assert.False(create.Headers.ContainsKey("Prefer"));
        using var sent = JsonDocument.Parse(create.Body);
        Assert.Equal(model[^64..], sent.RootElement.GetProperty("version").GetString());
        Assert.Contains("write a sonnet about camelids", Input(replay, "prompt"), StringComparison.Ordinal);
    }

    [Theory]
    [Plays("run__invalid-token")]
    [InlineData(null, 502, "upstream_authentication_error")]
    [InlineData("r8_callers-own", 401, "invalid_api_key")]
    public async Task A_token_that_is_not_valid_is_told_to_whoever_brought_it(string? callersOwn, int status, string code)
    {
        await using var replay = await Replay.OfAsync("run__invalid-token");
        const string model = "replicate/73001d654114dad81ec65da3b834e2f691af1e1526453189b7bf36fb3f32d0f9";
        (string, string)[] headers = callersOwn is null ? [] : [("Authorization", "Bearer " + callersOwn)];

        var heard = await Heard.OfAsync(
            replay.Gateway.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}""",
                headers
            )
        );

        Assert.Equal((status, code), (heard.Status, heard.ErrorCode));
        Assert.Single(replay.Creates);
    }

    private static Task<Heard> AskAsync(Replay replay, string model, string prompt) =>
        Heard.OfAsync(
            replay.Gateway.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"replicate/{{model}}","messages":[{"role":"user","content":"{{prompt}}"}]}"""
            )
        );

    private static (int In, int Out) UsageOf(Heard heard)
    {
        var usage = heard.Json.GetProperty("usage");
        return (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
    }

    private static string Input(Replay replay, string name) =>
        JsonElement.Parse(replay.Creates[0].Body).GetProperty("input").GetProperty(name).GetString()!;
}
