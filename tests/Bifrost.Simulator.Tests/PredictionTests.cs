using System.Net;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

public sealed class PredictionTests
{
    [Fact]
    public async Task A_create_without_prefer_answers_201_starting_and_a_get_shows_the_end()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        using var response = await calls.PostAsync("/models/meta/meta-llama-3-8b-instruct/predictions", """{"input":{"prompt":"Hello"}}""");
        var created = await Calls.JsonAsync(response);
        var ended = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("599", response.Headers.GetValues("ratelimit-remaining").Single());
        Assert.Equal("starting", created["status"]!.ToString());
        Assert.Null(created["output"]);
        Assert.Equal("hidden", created["version"]!.ToString());
        Assert.Equal("succeeded", ended["status"]!.ToString());
        Assert.Contains(
            "simulated answer",
            string.Concat(ended["output"]!.AsArray().Select(piece => piece!.ToString())),
            StringComparison.Ordinal
        );
        Assert.Equal(ended["output"]!.AsArray().Count, ended["metrics"]!["output_token_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_blocking_create_answers_the_end_and_says_that_it_waited()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        using var response = await calls.PostAsync(
            "/models/meta/meta-llama-3-8b-instruct/predictions",
            """{"input":{"prompt":"Hello"}}""",
            ("Prefer", "wait=10")
        );
        var created = await Calls.JsonAsync(response);

        Assert.Equal("wait=10", response.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("succeeded", created["status"]!.ToString());
    }

    [Fact]
    public async Task A_blocking_create_that_runs_out_of_time_answers_202_starting()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model("meta/meta-llama-3-8b-instruct").NeverFinishes();

        using var response = await calls.PostAsync(
            "/models/meta/meta-llama-3-8b-instruct/predictions",
            """{"input":{"prompt":"Hello"}}""",
            ("Prefer", "wait=1")
        );

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("starting", (await Calls.JsonAsync(response))["status"]!.ToString());
    }

    [Fact]
    public async Task A_version_on_the_official_endpoint_is_refused_as_an_additional_property()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        using var response = await calls.PostAsync(
            "/models/meta/meta-llama-3-8b-instruct/predictions",
            """{"version":"abc","input":{"prompt":"Hello"}}"""
        );
        var problem = await Calls.JsonAsync(response);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Input validation failed", problem["title"]!.ToString());
        Assert.Equal("- Additional property version is not allowed\n", problem["detail"]!.ToString());
        Assert.Equal("additional_property_not_allowed", problem["invalid_fields"]![0]!["type"]!.ToString());
    }

    [Theory]
    [InlineData(
        """{"output_format":"jpeg","prompt":"x"}""",
        "enum",
        "input.output_format",
        "output_format must be one of the following: \"webp\", \"jpg\", \"png\""
    )]
    [InlineData("""{"num_outputs":9,"prompt":"x"}""", "number_lte", "input.num_outputs", "Must be less than or equal to 4")]
    [InlineData("""{"num_outputs":0,"prompt":"x"}""", "number_gte", "input.num_outputs", "Must be greater than or equal to 1")]
    [InlineData(
        """{"num_outputs":"2","prompt":"x"}""",
        "invalid_type",
        "input.num_outputs",
        "Invalid type. Expected: integer, given: string"
    )]
    [InlineData("""{"num_outputs":2}""", "required", "input", "prompt is required")]
    public async Task Bad_input_is_refused_in_the_words_of_the_real_validator(string input, string type, string field, string description)
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var problem = await calls.PostJsonAsync("/models/black-forest-labs/flux-schnell/predictions", $$"""{"input":{{input}}}""");

        var fault = Assert.Single(problem["invalid_fields"]!.AsArray())!;
        Assert.Equal((type, field, description), (fault["type"]!.ToString(), fault["field"]!.ToString(), fault["description"]!.ToString()));
        Assert.Equal($"- {field}: {description}\n", problem["detail"]!.ToString());
    }

    [Fact]
    public async Task Unknown_keys_inside_input_are_dropped_without_a_word()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var created = await calls.PostJsonAsync(
            "/models/black-forest-labs/flux-schnell/predictions",
            """{"input":{"prompt":"x","number_of_images":3}}""",
            ("Prefer", "wait")
        );

        Assert.Equal("succeeded", created["status"]!.ToString());
        Assert.Single(created["output"]!.AsArray());
    }

    [Fact]
    public async Task A_community_model_is_found_by_version_only()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var model = await calls.GetJsonAsync("/models/stability-ai/sdxl");
        var version = model["latest_version"]!["id"]!.ToString();

        using var byName = await calls.PostAsync("/models/stability-ai/sdxl/predictions", """{"input":{"prompt":"x"}}""");
        using var byVersion = await calls.PostAsync("/predictions", $$$"""{"version":"{{{version}}}","input":{"prompt":"x"}}""");
        using var byBoth = await calls.PostAsync(
            "/predictions",
            $$$"""{"version":"stability-ai/sdxl:{{{version}}}","input":{"prompt":"x"}}"""
        );
        using var unknown = await calls.PostAsync("/predictions", """{"version":"nope","input":{"prompt":"x"}}""");

        Assert.Equal(HttpStatusCode.NotFound, byName.StatusCode);
        Assert.Equal(HttpStatusCode.Created, byVersion.StatusCode);
        Assert.Equal(HttpStatusCode.Created, byBoth.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        Assert.Equal("Invalid version or not permitted", (await Calls.JsonAsync(unknown))["title"]!.ToString());
    }

    [Fact]
    public async Task Cancel_ends_a_running_prediction_and_its_stream()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model("meta/meta-llama-3-8b-instruct").NeverFinishes();
        var created = await calls.LlamaAsync();
        var stream = calls.StreamAsync(created);

        var canceled = await calls.PostJsonAsync($"/predictions/{created["id"]}/cancel", "");

        Assert.Equal("canceled", canceled["status"]!.ToString());
        Assert.EndsWith("event: done\ndata: {\"reason\": \"canceled\"}\n\n", await stream, StringComparison.Ordinal);
        Assert.True(simulator.Predictions.Single().Cancelled);
    }

    [Fact]
    public async Task The_list_is_newest_first_and_pages_by_an_opaque_cursor()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        for (var i = 0; i < 103; i++)
        {
            _ = await calls.LlamaAsync($"number {i}");
        }

        var first = await calls.GetJsonAsync("/predictions");
        var second = await calls.GetJsonAsync(first["next"]!.ToString());

        Assert.Equal(100, first["results"]!.AsArray().Count);
        Assert.Equal("number 102", first["results"]![0]!["input"]!["prompt"]!.ToString());
        Assert.Equal(3, second["results"]!.AsArray().Count);
        Assert.Null(second["next"]);
    }

    [Fact]
    public async Task Accounts_do_not_see_each_other()
    {
        await using var simulator = await ReplicateSimulator.StartAsync(
            new SimulatorOptions
            {
                Accounts = new Dictionary<string, string> { ["r8_a"] = "ann", ["r8_b"] = "bob" },
            }
        );
        using var ann = new Calls(simulator, "r8_a");
        using var bob = new Calls(simulator, "r8_b");
        var created = await ann.LlamaAsync();

        using var foreign = await bob.GetAsync("/predictions/" + created["id"]);
        using var own = await ann.GetAsync("/predictions/" + created["id"]);

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("r8_wrong")]
    public async Task A_missing_or_wrong_token_is_401(string? token)
    {
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Token = "r8_right" });
        using var calls = new Calls(simulator, token);

        using var response = await calls.GetAsync("/predictions");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Unauthenticated", (await Calls.JsonAsync(response))["title"]!.ToString());
    }

    [Fact]
    public async Task Requests_are_remembered_with_path_headers_and_body()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        _ = await calls.LlamaAsync("Hello", ("Cancel-After", "90s"));

        var request = Assert.Single(simulator.RequestsTo("POST", "/v1/models/meta/meta-llama-3-8b-instruct"));
        Assert.Equal("90s", request.Header("cancel-after"));
        Assert.Equal("Hello", request.Input()!["prompt"]!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(90), simulator.Predictions.Single().CancelAfter);
    }

    [Fact]
    public async Task A_deployment_answers_with_its_model()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var created = await calls.PostJsonAsync(
            "/deployments/acme/img/predictions",
            """{"input":{"prompt":"x","num_outputs":2}}""",
            ("Prefer", "wait")
        );

        Assert.Equal("acme/img", created["deployment"]!.ToString());
        Assert.Equal("black-forest-labs/flux-schnell", created["model"]!.ToString());
        Assert.Equal(2, created["output"]!.AsArray().Count);
        Assert.Equal(2, created["metrics"]!["image_count"]!.GetValue<int>());
    }
}
