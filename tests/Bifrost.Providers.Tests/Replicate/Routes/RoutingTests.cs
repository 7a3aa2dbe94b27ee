using System.Text.Json.Nodes;
using Bifrost.Simulator;
using Bifrost.Wire.Faults;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Routes;

/// <summary>Conformance cases 1 to 7, 58 and 61.</summary>
public sealed class RoutingTests
{
    private const string Community = "acme/echo";

    [Fact]
    public async Task Case_1_an_official_model_is_created_by_name()
    {
        await using var stage = await OpenAsync();

        var told = await stage.ChatAsync();

        var create = Assert.Single(stage.Creates);
        Assert.Equal("/v1/models/meta/meta-llama-3-8b-instruct/predictions", create.Path);
        Assert.Null(create.Json()!["version"]);
        Assert.Equal("Bearer " + Token, create.Header("Authorization"));
        Assert.Equal("replicate/" + Llama, told.Reply!["model"]!.ToString());
    }

    [Fact]
    public async Task Case_2_a_pinned_version_is_created_by_version()
    {
        await using var stage = await OpenAsync();
        var version = stage.Sim.Models.Find("yorickvp/llava-13b")!.VersionId;
        var body = ChatWithPicture("https://example.com/a.png", $"yorickvp/llava-13b:{version}");

        var told = await stage.ChatAsync(body);

        Assert.Null(told.Fault);
        var create = Assert.Single(stage.Creates);
        Assert.Equal("/v1/predictions", create.Path);
        Assert.Equal(version, create.Json()!["version"]!.ToString());
    }

    [Fact]
    public async Task Case_3_a_version_alone_is_created_by_version_with_a_warning()
    {
        await using var stage = await OpenAsync();
        var version = stage.Sim.Models.Find(Llama)!.VersionId;

        var told = await stage.ChatAsync(Chat(model: version));

        Assert.Null(told.Fault);
        var create = Assert.Single(stage.Creates);
        Assert.Equal("/v1/predictions", create.Path);
        Assert.Equal(version, create.Json()!["version"]!.ToString());
        Assert.Contains(stage.Last.Notes, note => note.Parameter == "model");
        Assert.Empty(stage.Sim.RequestsTo("GET", "/v1/models"));
    }

    [Fact]
    public async Task Case_4_a_deployment_is_created_there_and_mapped_as_the_model_behind_it()
    {
        await using var stage = await OpenAsync();

        var told = await stage.ChatAsync(Chat(model: "deployments/acme/chat"));

        Assert.Null(told.Fault);
        var create = Assert.Single(stage.Creates);
        Assert.Equal("/v1/deployments/acme/chat/predictions", create.Path);
        Assert.Null(create.Json()!["version"]);
        Assert.Equal("{prompt}", create.Input()!["prompt_template"]!.ToString());
    }

    [Fact]
    public async Task Case_5_a_community_model_that_says_so_is_created_by_its_newest_version_at_once()
    {
        await using var stage = await OpenAsync();
        var model = stage.Sim.Models.Add(Echo(official: false));

        Assert.Null((await stage.ChatAsync(Chat(model: Community))).Fault);
        Assert.Null((await stage.ChatAsync(Chat(model: Community))).Fault);

        Assert.Equal(2, stage.Creates.Count);
        Assert.All(stage.Creates, create => Assert.Equal("/v1/predictions", create.Path));
        Assert.All(stage.Creates, create => Assert.Equal(model.VersionId, create.Json()!["version"]!.ToString()));
        Assert.Single(stage.Sim.RequestsTo("GET", "/v1/models/acme/echo"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(422)]
    public async Task Case_5_a_model_that_refuses_to_be_created_by_name_is_created_by_version_ever_after(int status)
    {
        await using var stage = await OpenAsync();
        stage.Sim.Models.Add(Echo(official: false));
        stage.Sim.Script.On("GET", "/v1/models/acme/echo").EditJson(model => model.Remove("is_official"));
        var refusal = status == 404 ? Problem.NotFound() : Problem.InvalidVersion();
        stage.Sim.Script.On("POST", "/v1/models/acme/echo/predictions").Answer(refusal);

        Assert.Null((await stage.ChatAsync(Chat(model: Community))).Fault);
        Assert.Null((await stage.ChatAsync(Chat(model: Community))).Fault);

        Assert.Equal(
            ["/v1/models/acme/echo/predictions", "/v1/predictions", "/v1/predictions"],
            stage.Creates.Select(create => create.Path)
        );
        Assert.Single(stage.Sim.RequestsTo("GET", "/v1/models/acme/echo"));
    }

    [Fact]
    public async Task Case_5_a_model_without_any_version_is_not_found()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Models.Add(Echo(official: true));
        stage.Sim.Script.On("GET", "/v1/models/acme/echo").EditJson(model => model["latest_version"] = null);
        stage.Sim.Script.On("POST", "/v1/models/acme/echo/predictions").Answer(Problem.NotFound());

        var told = await stage.ChatAsync(Chat(model: Community));

        Assert.Equal(FaultKind.ModelNotFound, told.Fault!.Kind);
        Assert.Single(stage.Creates);
    }

    [Fact]
    public async Task Case_6_dots_in_a_name_survive()
    {
        await using var stage = await OpenAsync();

        await stage.ChatAsync(Chat(model: "meta/meta-llama-3.1-405b-instruct"));

        Assert.Equal("/v1/models/meta/meta-llama-3.1-405b-instruct/predictions", Assert.Single(stage.Creates).Path);
    }

    [Theory]
    [InlineData("https://api.replicate.com", "https://api.replicate.com/v1/")]
    [InlineData("https://api.replicate.com/", "https://api.replicate.com/v1/")]
    [InlineData("https://api.replicate.com/v1", "https://api.replicate.com/v1/")]
    [InlineData("https://api.replicate.com/v1/", "https://api.replicate.com/v1/")]
    [InlineData("http://127.0.0.1:8099/some/proxy", "http://127.0.0.1:8099/some/proxy/")]
    public async Task Case_7_the_base_may_be_written_in_any_way(string configured, string expected)
    {
        await using var stage = await OpenAsync();

        Assert.Equal(expected, stage.Provider.BaseOf(new Uri(configured)).AbsoluteUri);
    }

    [Fact]
    public async Task Case_7_the_host_that_is_a_misprint_is_doubted()
    {
        await using var stage = await OpenAsync();

        Assert.NotNull(stage.Provider.DoubtAbout(new Uri("https://api.replicate.ai/v1/")));
        Assert.Null(stage.Provider.DoubtAbout(stage.Provider.Home));
    }

    [Fact]
    public async Task Case_58_input_that_is_refused_is_mapped_once_more_by_a_fresh_schema()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Models.Add(Echo(official: true));
        await stage.ChatAsync(Chat(model: Community));
        stage.Sim.Models.Add(Echo(official: true, limit: "max_new_tokens"));
        stage
            .Sim.Script.On("POST", "/v1/models/acme/echo/predictions")
            .When(create => create.Input()!.ContainsKey("max_tokens"))
            .Answer(Problem.InvalidInput(new InvalidField("required", "input.max_new_tokens", "max_new_tokens is required")));

        var body = Chat(model: Community);
        body["max_tokens"] = 50;
        var told = await stage.ChatAsync(body);

        Assert.Null(told.Fault);
        Assert.Equal(3, stage.Creates.Count);
        Assert.Equal(50, stage.Creates[2].Input()!["max_new_tokens"]!.GetValue<int>());
        Assert.Equal(2, stage.Sim.RequestsTo("GET", "/v1/models/acme/echo").Count);
    }

    [Fact]
    public async Task Case_58_input_that_is_refused_twice_is_the_callers_fault()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.On("POST", "/v1/models/*/predictions")
            .Answer(Problem.InvalidInput(new InvalidField("maximum", "input.temperature", "must be at most 5")));

        var told = await stage.ChatAsync();

        Assert.Equal(400, told.Fault!.Status);
        Assert.Equal("temperature", told.Fault.Param);
        Assert.Single(stage.Creates);
        Assert.Equal(2, stage.Sim.RequestsTo("GET", "/v1/models/").Count);
    }

    [Fact]
    public async Task Case_61_a_hundred_first_requests_ask_for_the_schema_once()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("GET", "/v1/models/" + Llama).Delay(TimeSpan.FromMilliseconds(100));

        var told = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => stage.ChatAsync()));

        Assert.All(told, one => Assert.Null(one.Fault));
        Assert.Single(stage.Sim.RequestsTo("GET", "/v1/models/" + Llama));
    }

    [Fact]
    public async Task Case_61_what_is_stale_serves_while_replicate_cannot_be_asked()
    {
        var clock = new OffsetClock();
        await using var stage = await OpenAsync(new StageOptions { Clock = clock });
        Assert.Null((await stage.ChatAsync()).Fault);
        stage.Sim.Script.On("GET", "/v1/models/" + Llama).Answer(Problem.InternalError());
        clock.Offset = TimeSpan.FromHours(2);

        Assert.Null((await stage.ChatAsync()).Fault);

        Assert.Equal(2, stage.Creates.Count);
    }

    [Fact]
    public async Task A_seed_serves_when_replicate_cannot_describe_its_model()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("GET", "/v1/models/" + Llama).Answer(Problem.InternalError());

        Assert.Null((await stage.ChatAsync()).Fault);
        Assert.Equal("{prompt}", Assert.Single(stage.Creates).Input()!["prompt_template"]!.ToString());
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_asked_for_once_a_minute()
    {
        await using var stage = await OpenAsync();

        var first = await stage.ChatAsync(Chat(model: "nobody/nothing"));
        var second = await stage.ChatAsync(Chat(model: "nobody/nothing"));

        Assert.Equal(FaultKind.ModelNotFound, first.Fault!.Kind);
        Assert.Equal(FaultKind.ModelNotFound, second.Fault!.Kind);
        Assert.Single(stage.Sim.RequestsTo("GET", "/v1/models/nobody/nothing"));
        Assert.Empty(stage.Creates);
    }

    private static SimulatorModel Echo(bool official, string limit = "max_tokens") =>
        SimulatorModel.From(
            Community,
            """{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"},"LIMIT":{"type":"integer"}}}""".Replace(
                "LIMIT",
                limit,
                StringComparison.Ordinal
            ),
            """{"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator","x-cog-array-display":"concatenate"}""",
            official: official
        );

    private static JsonObject ChatWithPicture(string url, string model)
    {
        var body = Chat(model: model);
        body["messages"]![0]!["content"] = new JsonArray(
            new JsonObject { ["type"] = "text", ["text"] = "What is this?" },
            new JsonObject
            {
                ["type"] = "image_url",
                ["image_url"] = new JsonObject { ["url"] = url },
            }
        );
        return body;
    }
}
