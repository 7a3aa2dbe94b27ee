using System.Text;
using Bifrost.Testing;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Tests.Governed;

public sealed class GovernedStreamTests
{
    private const string UsageChunk =
        """{"id":"c1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";

    [Fact]
    public async Task A_stream_is_cut_with_a_fault_when_the_money_is_gone()
    {
        var purse = new Purse { Make = () => new Held { PaysFor = 25 } };
        await using var upstream = await Stage.StreamingAsync([.. Enumerable.Repeat(Stage.Piece("0123456789"), 2000)]);
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming);
        var text = await response.Content.ReadAsStringAsync();

        var last = text.TrimEnd().Split("\n\n")[^1];
        Assert.StartsWith("data: {\"type\":\"budget_exceeded\"", last, StringComparison.Ordinal);
        Assert.Contains("\"error\":{\"message\"", last, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1 && upstream.Aborted == 1);
        Assert.Equal(FaultKind.BudgetExceeded, purse.Only.Ended!.Kind);
        Assert.InRange(purse.Only.OutputBytes, 26, 2000);
    }

    [Fact]
    public async Task A_cut_never_falls_into_the_middle_of_an_event()
    {
        var purse = new Purse { Make = () => new Held { PaysFor = 3 } };
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            var first = Encoding.UTF8.GetBytes($"data: {Stage.Piece("0123456789")}\n\ndata: {Stage.Piece("abc")[..30]}");
            await http.Response.Body.WriteAsync(first);
            await http.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted);
        });
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming);
        var events = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n");

        Assert.Equal(2, events.Length);
        Assert.Contains("0123456789", events[0], StringComparison.Ordinal);
        Assert.Contains("budget_exceeded", events[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_is_asked_for_and_the_caller_sees_the_stream_it_asked_for()
    {
        var purse = new Purse { Make = () => new Held { AsksUsage = true } };
        await using var upstream = await Stage.StreamingAsync(
            Stage.Piece("hi", ",\"usage\":null"),
            Stage.Piece("you"),
            UsageChunk,
            "[DONE]"
        );
        await using var gateway = await AGateway
            .With()
            .Network(n => n with { StreamUsage = true })
            .Reservations(purse)
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"stream_options\":{\"include_usage\":true}", upstream.Only.Text, StringComparison.Ordinal);
        Assert.Equal($"data: {Stage.Piece("hi")}\n\ndata: {Stage.Piece("you")}\n\ndata: [DONE]\n\n", text);
        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
        Assert.Equal((7, 5L), (purse.Only.Usage!.TotalTokens, purse.Only.OutputBytes));
    }

    [Theory]
    [InlineData("""{"include_usage":false}""", """{"include_usage":true}""")]
    [InlineData("""{"include_obfuscation":false}""", """{"include_usage":true,"include_obfuscation":false}""")]
    [InlineData("{ }", """{"include_usage":true}""")]
    [InlineData("null", """{"include_usage":true}""")]
    public async Task Options_that_are_there_already_are_kept(string asked, string sent)
    {
        await using var upstream = await Stage.StreamingAsync("[DONE]");
        await using var gateway = await AGateway
            .With()
            .Network(n => n with { StreamUsage = true })
            .Reservations(new Purse { Make = () => new Held { AsksUsage = true } })
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"openai/gpt-4o","stream":true,"stream_options":{{asked}},"messages":[]}"""
        );

        Assert.Contains($"\"stream_options\":{sent}", upstream.Only.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_usage_gets_it()
    {
        await using var upstream = await Stage.StreamingAsync(Stage.Piece("hi", ",\"usage\":null"), UsageChunk, "[DONE]");
        await using var gateway = await AGateway
            .With()
            .Network(n => n with { StreamUsage = true })
            .Reservations(new Purse { Make = () => new Held { AsksUsage = true } })
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync(
            "/v1/chat/completions",
            """{"model":"openai/gpt-4o","stream":true,"stream_options":{"include_usage":true},"messages":[]}"""
        );
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains(UsageChunk, text, StringComparison.Ordinal);
        Assert.Contains("\"usage\":null", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_that_may_not_know_the_option_are_not_bothered()
    {
        await using var upstream = await Stage.StreamingAsync(Stage.Piece("hi"), "[DONE]");
        await using var gateway = await AGateway
            .With()
            .Reservations(new Purse { Make = () => new Held { AsksUsage = true } })
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming);

        Assert.DoesNotContain("stream_options", upstream.Only.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_counted_on_the_translated_lane_too()
    {
        var purse = new Purse { Make = () => new Held { PaysFor = 3 } };
        await using var simulator = await Bifrost.Simulator.ReplicateSimulator.StartAsync(new Bifrost.Simulator.SimulatorOptions());
        await using var gateway = await AGateway.With().Reservations(purse).Replicate(simulator).StartAsync();

        using var response = await gateway.PostAsync(
            "/v1/chat/completions",
            """{"model":"replicate/meta/meta-llama-3-8b-instruct","stream":true,"messages":[{"role":"user","content":"Tell me a long story."}]}"""
        );
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("budget_exceeded", text, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
        Assert.True(purse.Only.OutputBytes > 3);
    }
}
