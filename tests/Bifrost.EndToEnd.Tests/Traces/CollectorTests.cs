using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Bifrost.Observability.Traces;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Traces;

/// <summary>What becomes of spans, and of what must not be in them.</summary>
public sealed class CollectorTests
{
    private const string Prompt = "The-lighthouse-keeper-has-a-secret";

    [Fact]
    public async Task A_dead_collector_fails_no_request_and_its_losses_are_counted()
    {
        await using var scene = await TraceScene.StartAsync(collectorAt: $"http://127.0.0.1:{FreePort()}");

        for (var i = 0; i < 5; i++)
        {
            (await scene.Gateway.AskAsync(null)).MustBe(200);
        }

        await Eventually.IsTrueAsync(() =>
        {
            scene.Gateway.Plane.FlushTraces(TimeSpan.FromSeconds(5));
            return scene.Gateway.Plane.SpanLosses!.Failed == 10;
        });
        var page = (await scene.Gateway.Api.GetAsync("/metrics")).Text;
        Assert.Matches(new Regex("bifrost_trace_lost_spans_total\\{reason=\"not_taken\"\\} 10$", RegexOptions.Multiline), page);
        Assert.Single(new Regex("does not take traces").Matches(scene.Gateway.Log));
        Assert.DoesNotContain(TraceScene.Secret, scene.Gateway.Log + page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_refuses_loses_spans_which_are_counted()
    {
        await using var scene = await TraceScene.StartAsync();
        scene.Collector.Status = 400;

        (await scene.Gateway.AskAsync(null)).MustBe(200);

        await Eventually.IsTrueAsync(() =>
        {
            scene.Gateway.Plane.FlushTraces(TimeSpan.FromSeconds(5));
            return scene.Gateway.Plane.SpanLosses!.Failed == 2;
        });
        Assert.Equal((0L, 0L), (scene.Gateway.Plane.SpanLosses!.Exported, scene.Gateway.Plane.SpanLosses.Waiting));
    }

    [Fact]
    public async Task A_collector_that_hangs_is_not_waited_for_and_what_is_too_much_is_lost_and_counted()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        using var tracer = new Tracer(
            new TraceOptions
            {
                Collector = new Uri($"http://{hanging.LocalEndpoint}/v1/traces"),
                MaxWaiting = 4,
                Delay = TimeSpan.FromMilliseconds(10),
                Patience = TimeSpan.FromSeconds(2),
            }
        );
        await using var upstream = await Testing.Governed.MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).Settler(tracer).StartAsync();

        for (var i = 0; i < 20; i++)
        {
            using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"openai/metered","messages":[]}""");
            Assert.Equal(200, (int)response.StatusCode);
            await response.Content.ReadAsStringAsync();
        }

        var losses = tracer.Losses;
        await Eventually.IsTrueAsync(() => losses.QueueFull + losses.Failed + losses.Waiting == 40);
        Assert.InRange(losses.QueueFull, 28, 36);
        Assert.InRange(losses.Waiting, 0, 4);
        Assert.Equal(0, losses.Exported);
    }

    [Fact]
    public async Task Nothing_that_was_said_is_in_a_span_by_default()
    {
        await using var scene = await TraceScene.StartAsync();

        (await AskAsync(scene)).MustBe(200);
        (await AskAsync(scene, "openai/missing")).MustBe(404);

        var spans = await scene.SpansAsync(4);
        Assert.All(spans, s => Assert.DoesNotContain(Prompt, s.AllText, StringComparison.Ordinal));
        Assert.All(spans, s => Assert.DoesNotContain("It cannot be done", s.AllText, StringComparison.Ordinal));
        Assert.All(spans, s => Assert.DoesNotContain(s.Attributes.Keys, k => k.Contains("messages", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_key_that_stands_where_a_model_belongs_is_in_no_span()
    {
        await using var scene = await TraceScene.StartAsync();
        const string key = "sk-abcdefghijklmnopqrstuvwxyz012345";

        (await AskAsync(scene, "openai/" + key)).MustBe(200);

        var spans = await scene.SpansAsync(2);
        Assert.All(spans, s => Assert.DoesNotContain(key, s.AllText, StringComparison.Ordinal));
        Assert.Contains("***", spans[1].Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_file_lets_it_in_what_was_said_is_there_without_secrets()
    {
        await using var scene = await TraceScene.StartAsync("\"disable_content_logging\": false");

        (await AskAsync(scene, more: " sk-abcdefghijklmnopqrstuvwxyz012345")).MustBe(200);

        var call = (await scene.SpansAsync(2))[1];
        Assert.Equal($$"""[{"role":"user","parts":[{"type":"text","content":"{{Prompt}} ***"}]}]""", call["gen_ai.input.messages"]);
        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]""",
            call["gen_ai.output.messages"]
        );
    }

    [Fact]
    public async Task The_end_of_the_gateway_sends_what_waits()
    {
        await using var scene = await TraceScene.StartAsync();
        (await scene.Gateway.AskAsync(null)).MustBe(200);

        await scene.Gateway.StopAsync();

        Assert.Equal(2, scene.Collector.Spans.Count);
    }

    private static async Task<Testing.Governed.AnAnswer> AskAsync(TraceScene scene, string model = "openai/metered", string more = "") =>
        await Testing.Governed.AnAnswer.OfAsync(
            await scene.Gateway.PostAsync(
                null,
                "/v1/chat/completions",
                $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{Prompt}}{{more}}"}]}"""
            )
        );

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
