namespace Bifrost.EndToEnd.Tests.Traces;

/// <summary>The trace of the caller, taken up and passed on (W3C Trace Context).</summary>
public sealed class ContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    [Fact]
    public async Task The_callers_trace_goes_on_through_the_gateway_to_the_provider()
    {
        await using var scene = await TraceScene.StartAsync();

        (
            await scene.Gateway.AskAsync(
                null,
                "openai/metered",
                ("traceparent", $"00-{Trace}-{Parent}-01"),
                ("tracestate", "vendor=one,other=2")
            )
        ).MustBe(200);

        var spans = await scene.SpansAsync(2);
        Assert.All(spans, s => Assert.Equal((Trace, "vendor=one,other=2"), (s.TraceId, s.TraceState)));
        Assert.Equal(Parent, spans[0].ParentId);
        Assert.Equal($"00-{Trace}-{spans[1].SpanId}-01", scene.OpenAI.Only.Headers["traceparent"]);
        Assert.Equal("vendor=one,other=2", scene.OpenAI.Only.Headers["tracestate"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData($"00-{Trace}-{Parent}")]
    [InlineData($"ff-{Trace}-{Parent}-01")]
    [InlineData($"00-00000000000000000000000000000000-{Parent}-01")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData($"00-{Trace}-{Parent}-01-more")]
    public async Task A_malformed_parent_is_ignored_and_a_new_trace_begun(string parent)
    {
        await using var scene = await TraceScene.StartAsync();

        (await scene.Gateway.AskAsync(null, "openai/metered", ("traceparent", parent), ("tracestate", "vendor=one"))).MustBe(200);

        var spans = await scene.SpansAsync(2);
        Assert.Equal("", spans[0].ParentId);
        Assert.NotEqual(Trace, spans[0].TraceId);
        Assert.Equal($"00-{spans[0].TraceId}-{spans[1].SpanId}-01", scene.OpenAI.Only.Headers["traceparent"]);
        Assert.False(scene.OpenAI.Only.Headers.ContainsKey("tracestate"));
    }

    [Fact]
    public async Task A_parent_of_a_later_version_is_understood_as_far_as_the_first_one_goes()
    {
        await using var scene = await TraceScene.StartAsync();

        (await scene.Gateway.AskAsync(null, "openai/metered", ("traceparent", $"01-{Trace}-{Parent}-01-more"))).MustBe(200);

        Assert.Equal((Trace, Parent), ((await scene.SpansAsync(2))[0].TraceId, scene.Collector.Spans.Single(s => s.Kind == 2).ParentId));
    }

    [Fact]
    public async Task A_caller_that_records_nothing_is_followed_and_its_trace_passed_on()
    {
        await using var scene = await TraceScene.StartAsync();

        (await scene.Gateway.AskAsync(null, "openai/metered", ("traceparent", $"00-{Trace}-{Parent}-00"))).MustBe(200);
        (await scene.Gateway.AskAsync(null, "openai/metered")).MustBe(200);

        Assert.All(await scene.SpansAsync(2), s => Assert.NotEqual(Trace, s.TraceId));
        var passed = scene.OpenAI.Seen[0].Headers["traceparent"];
        Assert.StartsWith($"00-{Trace}-", passed, StringComparison.Ordinal);
        Assert.EndsWith("-00", passed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_share_of_traces_is_none_unless_the_caller_records()
    {
        await using var scene = await TraceScene.StartAsync("\"sample_ratio\": 0");

        (await scene.Gateway.AskAsync(null, "openai/metered")).MustBe(200);
        (await scene.Gateway.AskAsync(null, "openai/metered", ("traceparent", $"00-{Trace}-{Parent}-01"))).MustBe(200);

        Assert.All(await scene.SpansAsync(2), s => Assert.Equal(Trace, s.TraceId));
    }

    [Fact]
    public async Task A_gateway_that_is_told_to_decide_alone_does()
    {
        await using var scene = await TraceScene.StartAsync("\"sample_ratio\": 1, \"parent_based\": false");

        (await scene.Gateway.AskAsync(null, "openai/metered", ("traceparent", $"00-{Trace}-{Parent}-00"))).MustBe(200);

        Assert.All(await scene.SpansAsync(2), s => Assert.Equal(Trace, s.TraceId));
    }

    [Fact]
    public async Task A_gateway_that_traces_nothing_passes_the_callers_trace_on_as_it_is()
    {
        await using var upstream = await Testing.Governed.MeteredUpstream.StartAsync();
        await using var gateway = await Testing.AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync(
            "/v1/chat/completions",
            """{"model":"openai/metered","messages":[]}""",
            ("traceparent", $"00-{Trace}-{Parent}-01"),
            ("tracestate", "vendor=one")
        );

        Assert.Equal($"00-{Trace}-{Parent}-01", upstream.Only.Headers["traceparent"]);
        Assert.Equal("vendor=one", upstream.Only.Headers["tracestate"]);
    }
}
