using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.EndToEnd.Tests.Sdk;

/// <summary>OpenAI's SDK for C# has no legacy completions, so these are asked for by hand.</summary>
public sealed class CompletionsTests
{
    private const string Llama = "replicate/meta/meta-llama-3-8b-instruct";

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_prompt_goes_up_bare_and_its_continuation_comes_back(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage
            .Simulator.Script.Model("meta/meta-llama-3-8b-instruct")
            .Metrics(new JsonObject { ["input_token_count"] = 5, ["output_token_count"] = 9 });

        using var response = await stage.Gateway.PostAsync(
            $"{surface}/completions",
            $$"""{"model":"{{Llama}}","prompt":"Once upon a time","max_tokens":200}"""
        );
        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("text_completion", (string?)reply["object"]);
        Assert.StartsWith("cmpl-", (string?)reply["id"], StringComparison.Ordinal);
        Assert.Equal(Llama, (string?)reply["model"]);
        Assert.Contains("You said: \"Once upon a time\".", (string?)reply["choices"]![0]!["text"], StringComparison.Ordinal);
        Assert.Equal("stop", (string?)reply["choices"]![0]!["finish_reason"]);
        Assert.Equal(
            (5, 9, 14),
            ((int)reply["usage"]!["prompt_tokens"]!, (int)reply["usage"]!["completion_tokens"]!, (int)reply["usage"]!["total_tokens"]!)
        );
        Assert.Equal("/v1/models/meta/meta-llama-3-8b-instruct/predictions", stage.Create.Path);
        Assert.Equal("Once upon a time", (string?)stage.Input["prompt"]);
        Assert.Equal("{prompt}", (string?)stage.Input["prompt_template"]);
        Assert.Equal(200, (int)stage.Input["max_tokens"]!);
    }

    [Fact]
    public async Task An_array_of_prompts_becomes_choices_in_order()
    {
        await using var stage = await Stage.StartAsync();

        using var response = await stage.Gateway.PostAsync("/v1/completions", $$"""{"model":"{{Llama}}","prompt":["one","two","three"]}""");
        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        var choices = reply["choices"]!.AsArray();
        Assert.Equal([0, 1, 2], choices.Select(choice => (int)choice!["index"]!));
        Assert.All(
            new[] { "one", "two", "three" }.Zip(choices),
            pair => Assert.Contains($"\"{pair.First}\"", (string?)pair.Second!["text"], StringComparison.Ordinal)
        );
        Assert.Equal(["one", "three", "two"], stage.Creates.Select(create => (string)create.Input()!["prompt"]!).Order());
        Assert.Equal(stage.Simulator.Predictions.Count, choices.Count(choice => (string?)choice!["finish_reason"] == "stop"));
    }

    [Fact]
    public async Task A_stream_of_several_prompts_labels_each_piece_with_its_choice()
    {
        await using var stage = await Stage.StartAsync();

        using var response = await stage.Gateway.PostAsync(
            "/v1/completions",
            $$$"""{"model":"{{{Llama}}}","prompt":["red","blue"],"stream":true,"stream_options":{"include_usage":true}}"""
        );
        var events = await Stage.EventsOfAsync(response);

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].Select(data => JsonNode.Parse(data)!).ToList();
        var texts = new[] { "", "" };
        var finishes = new string?[2];
        foreach (var choice in chunks.SelectMany(chunk => chunk["choices"]!.AsArray()))
        {
            var index = (int)choice!["index"]!;
            texts[index] += (string?)choice["text"];
            finishes[index] = (string?)choice["finish_reason"] ?? finishes[index];
        }

        Assert.Contains("\"red\"", texts[0], StringComparison.Ordinal);
        Assert.Contains("\"blue\"", texts[1], StringComparison.Ordinal);
        Assert.Equal(["stop", "stop"], finishes);
        Assert.True(chunks.Count > 10, "The answer came in one piece.");
        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        Assert.True((int)chunks[^1]["usage"]!["completion_tokens"]! > 0);
        Assert.Single(chunks.Select(chunk => (string)chunk["id"]!).Distinct());
    }

    [Fact]
    public async Task Echo_puts_the_prompt_before_the_answer_and_a_limit_ends_it_with_length()
    {
        await using var stage = await Stage.StartAsync();

        using var response = await stage.Gateway.PostAsync(
            "/v1/completions",
            $$"""{"model":"{{Llama}}","prompt":"Hear this: ","echo":true,"max_tokens":4}"""
        );
        var choice = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!;

        Assert.Equal("Hear this: This is a simula", (string?)choice["text"]);
        Assert.Equal("length", (string?)choice["finish_reason"]);
    }

    [Fact]
    public async Task Token_ids_are_refused_in_words()
    {
        await using var stage = await Stage.StartAsync();

        using var response = await stage.Gateway.PostAsync("/v1/completions", $$"""{"model":"{{Llama}}","prompt":[1,2,3]}""");
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");

        Assert.Equal((400, "prompt"), ((int)response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Empty(stage.Creates);
    }
}
