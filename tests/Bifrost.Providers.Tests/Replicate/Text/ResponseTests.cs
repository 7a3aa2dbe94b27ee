using System.Text.Json.Nodes;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Text;

/// <summary>Responses, in the foreground and in the background; conformance case 33 for their streams.</summary>
public sealed class ResponseTests
{
    [Fact]
    public async Task A_response_can_be_had_again_under_its_id()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Output(new JsonArray("Hel", "lo"));

        var told = await stage.AskAsync(Operation.Response, Body());
        var id = told.Reply!["id"]!.ToString();
        var again = await stage.AskAsync(Operation.ResponseGet, [], new Asking { PathId = id });

        Assert.StartsWith("resp_", id, StringComparison.Ordinal);
        Assert.Equal("completed", again.Reply!["status"]!.ToString());
        Assert.Equal(id, again.Reply["id"]!.ToString());
        Assert.Equal("replicate/" + Llama, again.Reply["model"]!.ToString());
        Assert.Equal("Hello", Text(told));
        Assert.Equal("Hello", Text(again));
    }

    [Fact]
    public async Task A_background_response_is_queued_at_once_and_completes_by_itself()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Steps("starting", "processing", "succeeded").Output(new JsonArray("Hello"));
        var body = Body();
        body["background"] = true;

        var queued = await stage.AskAsync(Operation.Response, body);
        var asking = new Asking { PathId = queued.Reply!["id"]!.ToString() };
        var states = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            states.Add((await stage.AskAsync(Operation.ResponseGet, [], asking)).Reply!["status"]!.ToString());
        }

        Assert.Equal("queued", queued.Reply["status"]!.ToString());
        Assert.Equal(["queued", "in_progress", "completed"], states);
        Assert.Equal("1800s", Assert.Single(stage.Creates).Header("Cancel-After"));
        Assert.Empty(stage.CancelCalls);
    }

    [Fact]
    public async Task A_background_response_can_be_cancelled()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).NeverFinishes();
        var body = Body();
        body["background"] = true;

        var queued = await stage.AskAsync(Operation.Response, body);
        var cancelled = await stage.AskAsync(Operation.ResponseCancel, [], new Asking { PathId = queued.Reply!["id"]!.ToString() });

        Assert.Equal("cancelled", cancelled.Reply!["status"]!.ToString());
        Assert.Equal("canceled", stage.Sim.Predictions.Single().Status);
    }

    [Fact]
    public async Task A_background_response_that_failed_says_why()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Fails("boom");
        var body = Body();
        body["background"] = true;

        var queued = await stage.AskAsync(Operation.Response, body);
        var failed = await stage.AskAsync(Operation.ResponseGet, [], new Asking { PathId = queued.Reply!["id"]!.ToString() });

        Assert.Equal("failed", failed.Reply!["status"]!.ToString());
        Assert.Contains("boom", failed.Reply["error"]!["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_whose_text_was_purged_is_gone()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).DataRemoved();
        var body = Body();
        body["background"] = true;

        var queued = await stage.AskAsync(Operation.Response, body);
        var told = await stage.AskAsync(Operation.ResponseGet, [], new Asking { PathId = queued.Reply!["id"]!.ToString() });

        Assert.Equal(FaultKind.Gone, told.Fault!.Kind);
    }

    [Fact]
    public async Task An_id_that_is_not_ours_is_not_found_and_asked_of_nobody()
    {
        await using var stage = await OpenAsync();

        var told = await stage.AskAsync(Operation.ResponseGet, [], new Asking { PathId = "resp_made-up" });

        Assert.Equal(404, told.Fault!.Status);
        Assert.Empty(stage.Sim.Requests);
    }

    [Fact]
    public async Task Case_33_a_streamed_response_that_was_cancelled_is_not_completed()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Output("Hel").Done("canceled"));

        var heard = await stage.StreamAsync(Operation.Response, Body());

        Assert.NotNull(heard.Fault);
        Assert.DoesNotContain("response.completed", heard.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_response_ends_completed_with_the_whole_text()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Outputs("Hel", "lo").Done());

        var heard = await stage.StreamAsync(Operation.Response, Body());

        Assert.Null(heard.Fault);
        Assert.Equal("response.created", heard.Events[0]["type"]!.ToString());
        var last = heard.Events[^1];
        Assert.Equal("response.completed", last["type"]!.ToString());
        Assert.StartsWith("resp_", last["response"]!["id"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Hello", last["response"]!["output"]![0]!["content"]![0]!["text"]!.ToString());
    }

    private static JsonObject Body() => new() { ["model"] = "replicate/" + Llama, ["input"] = "Say hello." };

    private static string Text(Told told) => told.Reply!["output"]!.AsArray()[^1]!["content"]![0]!["text"]!.ToString();
}
