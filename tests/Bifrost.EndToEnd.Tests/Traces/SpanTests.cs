using Bifrost.Testing.Governed;

namespace Bifrost.EndToEnd.Tests.Traces;

public sealed class SpanTests
{
    private const int Server = 2;
    private const int Client = 3;
    private const int Unset = 0;
    private const int Error = 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_is_a_span_with_a_call_to_the_model_below_it(bool grpc)
    {
        await using var scene = await TraceScene.StartAsync("\"service_name\": \"gate\"", grpc);

        var answer = await scene.Gateway.AskAsync(null, "openai/metered");

        answer.MustBe(200);
        var spans = await scene.SpansAsync(2);
        var (whole, call) = (spans[0], spans[1]);
        Assert.Equal(("POST /v1/chat/completions", Server, ""), (whole.Name, whole.Kind, whole.ParentId));
        Assert.Equal(("chat metered", Client, whole.SpanId), (call.Name, call.Kind, call.ParentId));
        Assert.Equal(whole.TraceId, call.TraceId);
        Assert.True(whole.Start <= call.Start && call.Start <= call.End && call.End <= whole.End);
        Assert.Equal("gate", whole.Resource["service.name"]);
        Assert.All(scene.Collector.Exports, e => Assert.Equal((grpc, TraceScene.Secret), (e.IsGrpc, e.Headers["x-collector-key"])));

        Assert.Equal("POST", whole["http.request.method"]);
        Assert.Equal("/v1/chat/completions", whole["http.route"]);
        Assert.Equal(200L, whole["http.response.status_code"]);
        Assert.Equal(answer.Headers["x-request-id"], whole["bifrost.request.id"]);
        Assert.Equal("chat_completion", whole["request.type"]);
        Assert.Equal("openai/metered", whole["bifrost.request.model"]);
        Assert.Equal(0.00021, Assert.IsType<double>(whole["bifrost.cost.usd"]), 9);
        Assert.IsType<double>(whole["bifrost.time.accept"]);
        Assert.IsType<double>(whole["bifrost.time.upstream"]);
        Assert.Equal(Unset, whole.Status);

        Assert.Equal("chat", call["gen_ai.operation.name"]);
        Assert.Equal("openai", call["gen_ai.provider.name"]);
        Assert.Equal("metered", call["gen_ai.request.model"]);
        Assert.Equal("127.0.0.1", call["server.address"]);
        Assert.Equal((long)scene.OpenAI.Address.Port, call["server.port"]);
        Assert.Equal("openai-main", call["gen_ai.selected_key_name"]);
        Assert.Equal((0L, 0L), (call["gen_ai.number_of_retries"], call["gen_ai.fallback_index"]));
        Assert.Equal("patched", call["bifrost.lane"]);
        Assert.Equal((10L, 20L), (call["gen_ai.usage.input_tokens"], call["gen_ai.usage.output_tokens"]));
        Assert.Equal(30L, call["gen_ai.usage.total_tokens"]);
        Assert.Equal(0.00021, Assert.IsType<double>(call["gen_ai.usage.cost"]), 9);
        Assert.Null(whole["gen_ai.usage.input_tokens"]);
    }

    [Fact]
    public async Task A_stream_tells_when_it_began_and_in_how_many_pieces_it_came()
    {
        await using var scene = await TraceScene.StartAsync();

        using var response = await scene.Gateway.PostAsync(
            null,
            "/v1/chat/completions",
            """{"model":"openai/metered","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello"}]}"""
        );
        await response.Content.ReadAsStringAsync();

        var call = (await scene.SpansAsync(2))[1];
        Assert.Equal(true, call["gen_ai.request.stream"]);
        Assert.InRange(Assert.IsType<double>(call["gen_ai.response.time_to_first_chunk"]), 0.000001, 60);
        Assert.InRange(Assert.IsType<long>(call["gen_ai.response.total_chunks"]), 3, 6);
        Assert.Equal(20L, call["gen_ai.usage.output_tokens"]);
    }

    [Fact]
    public async Task A_fallback_is_a_second_call_below_the_same_span()
    {
        await using var scene = await TraceScene.StartAsync();

        (
            await AnAnswer.OfAsync(
                await scene.Gateway.PostAsync(
                    null,
                    "/v1/chat/completions",
                    """{"model":"openai/broken","fallbacks":["other/metered"],"messages":[{"role":"user","content":"Hello"}]}"""
                )
            )
        ).MustBe(200);

        var spans = await scene.SpansAsync(3);
        var (whole, first, second) = (spans[0], spans[1], spans[2]);
        Assert.All([first, second], s => Assert.Equal(whole.SpanId, s.ParentId));
        Assert.Equal(("chat broken", Error), (first.Name, first.Status));
        Assert.Equal("upstream_error", first["error.type"]);
        Assert.Equal(500L, first["http.response.status_code"]);
        Assert.Null(first["gen_ai.usage.input_tokens"]);
        Assert.Equal(("chat metered", Unset), (second.Name, second.Status));
        Assert.Equal(1L, second["gen_ai.fallback_index"]);
        Assert.Equal((Unset, 1L), (whole.Status, whole["gen_ai.fallback_index"]));
    }

    [Fact]
    public async Task A_refused_call_has_one_span_that_says_why_and_who_must_act()
    {
        await using var scene = await TraceScene.StartAsync(client: """{"enforce_auth_on_inference": true}""");

        (await scene.Gateway.AskAsync(null)).MustBe(401);

        var whole = Assert.Single(await scene.SpansAsync(1));
        Assert.Equal(401L, whole["http.response.status_code"]);
        Assert.Equal("caller", whole["bifrost.fault.culprit"]);
        Assert.IsType<string>(whole["error.type"]);
        Assert.Equal(Unset, whole.Status);
        Assert.Empty(scene.OpenAI.Seen);
    }

    [Fact]
    public async Task A_failure_upstream_is_an_error()
    {
        await using var scene = await TraceScene.StartAsync();

        Assert.NotEqual(200, (await scene.Gateway.AskAsync(null, "openai/broken")).Status);

        var spans = await scene.SpansAsync(2);
        Assert.All(spans, s => Assert.Equal((Error, "upstream_error"), (s.Status, s["error.type"])));
        Assert.Equal("target", spans[0]["bifrost.fault.culprit"]);
    }

    [Fact]
    public async Task Who_asked_is_told_by_id_and_name()
    {
        await using var scene = await TraceScene.StartAsync();
        var team = (string)(await scene.Gateway.Api.MakeAsync("teams", """{"name": "Core"}"""))["id"]!;
        var key = await scene.Gateway.Api.MakeAsync("virtual-keys", $$"""{"name": "robot", "team_id": "{{team}}"}""");

        (await scene.Gateway.AskAsync((string)key["value"]!)).MustBe(200);

        var spans = await scene.SpansAsync(2);
        Assert.Equal(((string)key["id"]!, "robot"), (spans[0]["gen_ai.virtual_key_id"], spans[0]["gen_ai.virtual_key_name"]));
        Assert.Equal((team, "Core"), (spans[0]["gen_ai.team_id"], spans[0]["gen_ai.team_name"]));
        Assert.All(spans, s => Assert.DoesNotContain((string)key["value"]!, s.AllText, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Addresses_where_there_is_nothing_are_not_traced()
    {
        await using var scene = await TraceScene.StartAsync();

        Assert.Equal(404, (int)(await scene.Gateway.PostAsync(null, "/v1/wp-login.php", "{}")).StatusCode);
        (await scene.Gateway.AskAsync(null)).MustBe(200);

        await scene.SpansAsync(2);
    }
}
