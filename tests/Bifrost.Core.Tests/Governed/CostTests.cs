using Bifrost.Core.Contracts;
using Bifrost.Core.Deliver;
using Bifrost.Testing;

namespace Bifrost.Core.Tests.Governed;

public sealed class CostTests
{
    private static readonly Charge Cost = new()
    {
        Nanodollars = 1_230_000,
        Lines = [new ChargeLine("input", 5, 230_000), new ChargeLine("output", 2, 1_000_000)],
    };

    private static readonly (string, string) Tell = ("x-bf-cost", "true");

    [Fact]
    public async Task Who_asks_is_told_what_a_whole_answer_cost()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await StartAsync(upstream);

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, Tell);

        Assert.Equal("0.00123", response.Headers.GetValues("x-bf-cost").Single());
        Assert.Equal("input=0.00023, output=0.001", response.Headers.GetValues("x-bf-cost-breakdown").Single());
        Assert.Equal(Stage.Reply, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Who_does_not_ask_is_not()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await StartAsync(upstream);

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.False(response.Headers.Contains("x-bf-cost"));
    }

    [Fact]
    public async Task A_stream_ends_with_a_comment_that_tells()
    {
        await using var upstream = await Stage.StreamingAsync(
            Stage.Piece("hi"),
            """{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}""",
            "[DONE]"
        );
        await using var gateway = await StartAsync(upstream);

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming, Tell);

        Assert.EndsWith("data: [DONE]\n\n: x-bf-cost 0.00123\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.000000001")]
    [InlineData(2_000_000_000, "2")]
    public void Dollars_are_written_in_full(long nanodollars, string expected) => Assert.Equal(expected, CostHeaders.Dollars(nanodollars));

    [Theory]
    [InlineData(0.02, "20ms")]
    [InlineData(1, "1s")]
    [InlineData(360, "6m0s")]
    [InlineData(7205, "2h0m5s")]
    public void Waits_are_written_as_openai_does(double seconds, string expected) =>
        Assert.Equal(expected, LimitHeaders.Text(TimeSpan.FromSeconds(seconds)));

    private static Task<RunningGateway> StartAsync(FakeUpstream upstream) =>
        AGateway.With().Reservations(new Purse { Make = () => new Held { Cost = Cost } }).OpenAI(upstream).StartAsync();
}
