using System.Text.Json.Nodes;
using Bifrost.Core.Contracts;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Text;

public sealed class CompletionTests
{
    [Fact]
    public async Task Each_prompt_has_its_own_choices_in_order()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.Model(Llama)
            .When(input => input["prompt"]!.ToString().Contains("one", StringComparison.Ordinal))
            .Output(new JsonArray("1"));
        stage
            .Sim.Script.Model(Llama)
            .When(input => input["prompt"]!.ToString().Contains("two", StringComparison.Ordinal))
            .Output(new JsonArray("2"));

        var told = await stage.AskAsync(Operation.Completion, Body(new JsonArray("one", "two"), n: 2));

        Assert.Null(told.Fault);
        Assert.Equal(["1", "1", "2", "2"], Texts(told));
        Assert.Equal(4, stage.Creates.Count);
    }

    [Fact]
    public async Task Echo_puts_the_prompt_before_the_answer()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Output(new JsonArray(" upon a time"));
        var body = Body("Once");
        body["echo"] = true;

        var told = await stage.AskAsync(Operation.Completion, body);

        Assert.Equal(["Once upon a time"], Texts(told));
    }

    [Fact]
    public async Task The_prompt_goes_out_raw()
    {
        await using var stage = await OpenAsync();

        await stage.AskAsync(Operation.Completion, Body("Once"));

        var input = Assert.Single(stage.Creates).Input()!;
        Assert.Equal("Once", input["prompt"]!.ToString());
        Assert.Equal("{prompt}", input["prompt_template"]!.ToString());
    }

    [Fact]
    public async Task A_completion_streams()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Outputs(" upon", " a time").Done());

        var heard = await stage.StreamAsync(Operation.Completion, Body("Once"));

        Assert.Null(heard.Fault);
        Assert.Equal(
            " upon a time",
            string.Concat(heard.Events.SelectMany(e => e["choices"]!.AsArray()).Select(c => c!["text"]?.ToString()))
        );
    }

    private static JsonObject Body(JsonNode prompt, int n = 1) =>
        new()
        {
            ["model"] = "replicate/" + Llama,
            ["prompt"] = prompt,
            ["n"] = n,
        };

    private static IEnumerable<string> Texts(Told told) => told.Reply!["choices"]!.AsArray().Select(choice => choice!["text"]!.ToString());
}
