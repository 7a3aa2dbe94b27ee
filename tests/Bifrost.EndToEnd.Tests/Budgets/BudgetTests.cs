using Bifrost.EndToEnd.Tests.Program;

namespace Bifrost.EndToEnd.Tests.Budgets;

/// <summary>
/// What a call may cost in memory. The figures are a tenth above those of the day they were set (docs/performance.md): a change that goes past one either finds
/// what it added, or raises it here, where it is seen. What a call costs in CPU is held to a yardstick by <c>bench/run</c> and <c>bench/budgets.tsv</c>.
/// </summary>
[Collection(ProcessTestGroup.Name)]
public sealed class BudgetTests
{
    private const string Chat = """
        {"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"What is a reverse proxy, in one sentence?"}],"max_tokens":128}
        """;

    private const string Stream = """
        {"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"What is a reverse proxy, in one sentence?"}],"stream":true,
         "stream_options":{"include_usage":true}}
        """;

    [Theory]
    [InlineData(Chat, 6_000)]
    [InlineData(Stream, 6_500)]
    public async Task A_call_that_is_relayed_allocates_what_it_did(string body, double most)
    {
        await using var gateway = await MeasuredGateway.RelayingAsync();

        Assert.InRange(await gateway.BytesPerChatAsync(body), 1_000, most);
    }

    [Theory]
    [InlineData(Chat, 11_000)]
    [InlineData(Stream, 11_500)]
    public async Task A_call_with_everything_on_allocates_what_it_did(string body, double most)
    {
        await using var gateway = await MeasuredGateway.WithEverythingOnAsync();

        Assert.InRange(await gateway.BytesPerChatAsync(body), 1_000, most);
    }

    [Fact]
    public async Task A_gateway_that_waits_for_its_first_call_is_small()
    {
        await using var gateway = await MeasuredGateway.WithEverythingOnAsync();

        // 88 MB on the machine of the day; how much of the runtime's files is resident differs between machines.
        Assert.InRange(await gateway.ReadAsync("process_resident_memory_bytes"), 20e6, 110e6);
    }

    [Fact]
    public async Task Pictures_of_ten_megabytes_in_and_out_are_held_once()
    {
        const int Picture = 10 << 20;
        await using var gateway = await MeasuredGateway.RelayingAsync(new string('A', Picture));
        var before = await gateway.ReadAsync("process_resident_memory_bytes");

        await gateway.SendAsync(
            $$"""{"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"{{new string('A', Picture)}}"}]}""",
            12,
            callers: 1
        );

        // The body, in a block of sixteen megabytes that a few threads keep for the next; of the answer nothing but what is on its way.
        Assert.InRange(await gateway.ReadAsync("process_resident_memory_bytes") - before, 0, 9 * Picture);
    }
}
