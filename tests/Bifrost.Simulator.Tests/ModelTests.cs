using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

public sealed class ModelTests
{
    public static TheoryData<string> Catalogue()
    {
        var data = new TheoryData<string>();
        foreach (var model in new SimulatorModels().All)
        {
            data.Add(model.Id);
        }

        return data;
    }

    [Fact]
    public void The_catalogue_has_the_nine_seed_models()
    {
        var models = new SimulatorModels();

        Assert.All(
            [
                "black-forest-labs/flux-schnell",
                "black-forest-labs/flux-dev",
                "stability-ai/sdxl",
                "meta/meta-llama-3-8b-instruct",
                "meta/meta-llama-3-70b-instruct",
                "openai/whisper",
                "yorickvp/llava-13b",
                "runwayml/gen4-turbo",
                "deepseek-ai/deepseek-r1",
            ],
            id => Assert.NotNull(models.Find(id))
        );
    }

    [Theory]
    [MemberData(nameof(Catalogue))]
    public async Task Every_model_of_the_catalogue_answers_a_small_request(string id)
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var model = simulator.Models.Find(id)!;
        var input = new JsonObject();
        foreach (var field in model.Schema.Inputs.Values.Where(field => field.Required || field.Name is "image"))
        {
            input[field.Name] = field.Format == "uri" ? "https://example.test/file" : "a fox";
        }

        var made = await calls.PostJsonAsync(
            "/predictions",
            new JsonObject { ["version"] = model.VersionId, ["input"] = input }.ToJsonString(),
            ("Prefer", "wait")
        );

        Assert.Equal("succeeded", made["status"]?.ToString());
        Assert.NotNull(made["output"]);
        Assert.Equal(model.Schema.Streams, made["urls"]!["stream"] is not null);
    }

    [Fact]
    public async Task Enums_stand_in_their_own_component()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var model = await calls.GetJsonAsync("/models/runwayml/gen4-turbo");

        var schemas = model["latest_version"]!["openapi_schema"]!["components"]!["schemas"]!;
        var duration = schemas["Input"]!["properties"]!["duration"]!;
        Assert.Equal("#/components/schemas/duration", duration["allOf"]![0]!["$ref"]!.ToString());
        Assert.Equal("[5,10]", schemas["duration"]!["enum"]!.ToJsonString());
        Assert.Equal("integer", schemas["duration"]!["type"]!.ToString());
        Assert.True(model["is_official"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_model_of_ones_own_answers_by_its_schema()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Models.Add(
            SimulatorModel.From(
                "me/mine",
                """{"type":"object","properties":{"n":{"type":"integer"}}}""",
                """{"type":"object","properties":{"sum":{"type":"integer"},"words":{"type":"array","items":{"type":"string"}}}}"""
            )
        );

        var made = await calls.PostJsonAsync("/models/me/mine/predictions", """{"input":{"n":3}}""", ("Prefer", "wait"));

        Assert.Equal("""{"sum":1,"words":["simulated"]}""", made["output"]!.ToJsonString());
    }

    [Theory]
    [InlineData(
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe kind<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhat is tea?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
    )]
    [InlineData("[INST] <<SYS>>x<</SYS>> Hi [/INST] Hello [INST] What is tea? [/INST]")]
    [InlineData("User: Hi\n\nAssistant: Hello\n\nUser: What is tea?\n\nAssistant:")]
    [InlineData("User: What is tea?\nAssistant:")]
    [InlineData("What is tea?")]
    public void The_question_is_found_in_every_kind_of_prompt(string prompt) => Assert.Equal("What is tea?", Question.OfPrompt(prompt));

    [Fact]
    public async Task A_reasoning_model_thinks_inline_first()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var made = await calls.PostJsonAsync(
            "/models/deepseek-ai/deepseek-r1/predictions",
            """{"input":{"prompt":"Why?"}}""",
            ("Prefer", "wait")
        );

        var text = string.Concat(made["output"]!.AsArray().Select(piece => piece!.ToString()));
        Assert.StartsWith("<think>\n", text, StringComparison.Ordinal);
        Assert.Contains("</think>\n\nThis is a simulated answer", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_that_asks_for_json_by_schema_gets_json_that_fits()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        const string Schema = """{"type":"object","properties":{"city":{"type":"string"},"size":{"type":"integer"}}}""";

        _ = await calls.LlamaAsync($"Answer with JSON for this schema: {Schema} Thanks {{}}");
        var made = await calls.GetJsonAsync("/predictions/" + simulator.Predictions.Single().Id);

        Assert.Equal("""{"city":"simulated","size":1}""", string.Concat(made["output"]!.AsArray().Select(piece => piece!.ToString())));
    }

    [Fact]
    public async Task Max_tokens_is_honoured_and_counted()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var made = await calls.PostJsonAsync(
            "/models/meta/meta-llama-3-8b-instruct/predictions",
            """{"input":{"prompt":"Why?","max_tokens":5}}""",
            ("Prefer", "wait")
        );

        Assert.Equal(5, made["output"]!.AsArray().Count);
        Assert.Equal(5, made["metrics"]!["output_token_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Wrapped_models_count_their_tokens_in_the_logs_only()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var made = await calls.PostJsonAsync("/models/openai/gpt-4o/predictions", """{"input":{"prompt":"Why?"}}""", ("Prefer", "wait"));

        Assert.Null(made["metrics"]!["output_token_count"]);
        Assert.Contains($"Output token count: {made["output"]!.AsArray().Count}\n", made["logs"]!.ToString(), StringComparison.Ordinal);
    }
}
