using System.Globalization;
using System.Text.RegularExpressions;
using Bifrost.Testing;
using Bifrost.Testing.Governed;

namespace Bifrost.EndToEnd.Tests.Timing;

/// <summary>Where the time went, told to callers who ask.</summary>
public sealed class ServerTimingTests
{
    private static readonly (string, string) Asks = ("x-bf-timing", "true");
    private static readonly TimeSpan Upstream = TimeSpan.FromMilliseconds(120);

    [Fact]
    public async Task An_answer_says_where_its_time_went()
    {
        await using var upstream = await MeteredUpstream.StartAsync(_ => Task.Delay(Upstream));
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await AskAsync(gateway, "", Asks);

        var times = Times(Assert.Single(response.Headers.GetValues("Server-Timing")));
        Assert.Equal(["accept", "plan", "upstream", "gateway", "total"], times.Keys);
        Assert.InRange(times["upstream"], 100, times["total"]);
        Assert.InRange(times["gateway"], times["accept"] + times["plan"] - 0.01, times["total"] - 100);
        Assert.Equal(times["total"], times["gateway"] + times["upstream"], tolerance: 0.003);
    }

    [Fact]
    public async Task Nobody_who_does_not_ask_is_told()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var whole = await AskAsync(gateway, "");
        using var stream = await AskAsync(gateway, "\"stream\":true,");
        using var no = await AskAsync(gateway, "", ("x-bf-timing", "false"));

        Assert.All([whole, stream, no], r => Assert.False(r.Headers.Contains("Server-Timing")));
        Assert.DoesNotContain("server-timing", await stream.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_says_the_rest_in_a_last_comment()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await AskAsync(gateway, "\"stream\":true,", Asks);
        var events = await response.Content.ReadAsStringAsync();

        Assert.Contains("upstream", Times(Assert.Single(response.Headers.GetValues("Server-Timing"))).Keys);
        Assert.Contains("data: [DONE]\n\n: server-timing ", events, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", events, StringComparison.Ordinal);
        var times = Times(events[(events.IndexOf("server-timing ", StringComparison.Ordinal) + 14)..].Trim());
        Assert.Equal(["first_byte", "stream", "total"], times.Keys);
        Assert.Equal(times["total"], times["first_byte"] + times["stream"], tolerance: 0.003);
    }

    [Fact]
    public async Task A_translated_stream_does_too()
    {
        await using var simulator = await Simulator.ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().Replicate(simulator).StartAsync();

        using var response = await gateway.PostAsync(
            "/v1/chat/completions",
            """{"model":"replicate/meta/meta-llama-3-8b-instruct","stream":true,"messages":[{"role":"user","content":"Hello"}]}""",
            Asks
        );

        Assert.Contains("\n\n: server-timing first_byte;dur=", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_as_much_as_there_is_to_say()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", "{}", Asks);

        Assert.Equal(["accept", "gateway", "total"], Times(Assert.Single(response.Headers.GetValues("Server-Timing"))).Keys);
    }

    [Fact]
    public async Task Tries_that_failed_are_counted()
    {
        await using var broken = await FakeUpstream.AnsweringAsync("{}", 500);
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(broken).Provider("other", "openai", upstream.Address).StartAsync();

        using var response = await AskAsync(gateway, "\"fallbacks\":[\"other/metered\"],", Asks);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Matches("upstream;dur=[0-9.]+;desc=\"[1-9] failed\"", Assert.Single(response.Headers.GetValues("Server-Timing")));
    }

    private static Task<HttpResponseMessage> AskAsync(RunningGateway gateway, string members, params (string, string)[] headers) =>
        gateway.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"openai/metered",{{members}}"messages":[{"role":"user","content":"Hello"}]}""",
            headers
        );

    private static Dictionary<string, double> Times(string header) =>
        Regex
            .Matches(header, "([a-z_]+);dur=([0-9.]+)")
            .ToDictionary(m => m.Groups[1].Value, m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
}
