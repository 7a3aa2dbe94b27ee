using System.Text.Json.Nodes;
using Bifrost.Core.Contracts;
using Bifrost.Simulator;
using Bifrost.Testing;
using Bifrost.Wire.Faults;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Text;

/// <summary>Conformance cases 30 to 38, and what a caller sees of a stream that breaks.</summary>
public sealed class ChatStreamTests
{
    [Fact]
    public async Task Case_30_pieces_join_to_exactly_the_text_that_was_streamed()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Outputs(" Hel", "lo", "\n\n").Done());
        var body = Chat();
        body["stream_options"] = new JsonObject { ["include_usage"] = true };

        var heard = await stage.ChatStreamAsync(body);

        Assert.Null(heard.Fault);
        Assert.Equal(" Hello\n\n", heard.Content);
        Assert.Equal("assistant", heard.Events[0]["choices"]![0]!["delta"]!["role"]!.ToString());
        Assert.Equal(["stop"], heard.FinishReasons);
        Assert.Empty(heard.Events[^1]["choices"]!.AsArray());
        Assert.NotNull(heard.Events[^1]["usage"]);
        Assert.EndsWith("data: [DONE]\n\n", heard.Text, StringComparison.Ordinal);
        Assert.Null(Assert.Single(stage.Creates).Header("Prefer"));
    }

    [Fact]
    public async Task Case_31_bytes_split_anywhere_give_the_same_text()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.LineEnds("\r\n").Outputs(" Grüße", " 🙂", "!").Done().PerByte());

        Assert.Equal(" Grüße 🙂!", (await stage.ChatStreamAsync()).Content);
    }

    [Fact]
    public async Task Case_32_an_error_before_any_output_is_a_failure_and_no_stream()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Error("boom").Done("error"));

        var heard = await stage.ChatStreamAsync();

        Assert.False(heard.Committed);
        Assert.Equal(502, heard.Fault!.Status);
        Assert.Contains("boom", heard.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_32_an_error_after_output_ends_the_stream_without_a_finish()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Output("Hel").Error("boom").Done("error"));

        var heard = await stage.ChatStreamAsync();

        Assert.True(heard.Committed);
        Assert.NotNull(heard.Fault);
        Assert.Empty(heard.FinishReasons);
    }

    [Fact]
    public async Task Case_33_a_cancelled_prediction_is_never_a_finished_answer()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Output("Hel").Done("canceled"));

        var heard = await stage.ChatStreamAsync();

        Assert.NotNull(heard.Fault);
        Assert.Empty(heard.FinishReasons);
    }

    [Fact]
    public async Task Case_34_a_stream_that_starts_over_gives_each_character_once()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.Model(Llama)
            .Steps("processing", "succeeded")
            .Streams(s => s.Output("Hel").End())
            .ThenStreams(s => s.Outputs("Hel", "lo", " you").Done());

        var heard = await stage.ChatStreamAsync();

        Assert.Null(heard.Fault);
        Assert.Equal("Hello you", heard.Content);
        Assert.Equal(2, stage.StreamCalls.Count);
    }

    [Fact]
    public async Task Case_34_a_stream_that_goes_on_gives_each_character_once()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.Model(Llama)
            .Steps("processing", "succeeded")
            .Streams(s => s.Output("Hel").Cut())
            .ThenStreams(s => s.Outputs("Hel", "lo", " you").Done().HonourLastEventId());

        Assert.Equal("Hello you", (await stage.ChatStreamAsync()).Content);
        Assert.Equal(2, stage.StreamCalls.Count);
        Assert.EndsWith(":0", stage.StreamCalls[1].Header("Last-Event-ID"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_34_a_stream_that_starts_over_with_new_ids_gives_each_character_once()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.Model(Llama)
            .Steps("processing", "succeeded")
            .Streams(s => s.Event("1:0", "output", "a").Event("1:1", "output", "ab").Reset())
            .ThenStreams(s => s.Event("9:0", "output", "a").Event("9:1", "output", "ab").Event("9:2", "output", "abc").Done());

        Assert.Equal("aababc", (await stage.ChatStreamAsync()).Content);
        Assert.Equal(2, stage.StreamCalls.Count);
    }

    [Fact]
    public async Task Case_35_a_stream_that_timed_out_while_the_model_was_cold_is_opened_again()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.Model(Llama)
            .Steps("starting", "starting", "succeeded")
            .Streams(s => s.RequestTimeout())
            .ThenStreams(s => s.RequestTimeout())
            .ThenStreams(s => s.Outputs("Hel", "lo").Done());

        var heard = await stage.ChatStreamAsync();

        Assert.Null(heard.Fault);
        Assert.Equal("Hello", heard.Content);
        Assert.Equal(3, stage.StreamCalls.Count);
    }

    [Fact]
    public async Task Case_36_without_a_stream_the_prediction_is_polled()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).WithoutStream().Output(new JsonArray("Hel", "lo"));

        var heard = await stage.ChatStreamAsync();

        Assert.Null(heard.Fault);
        Assert.Equal("Hello", heard.Content);
        Assert.Equal(["stop"], heard.FinishReasons);
    }

    [Fact]
    public async Task Case_37_a_caller_who_leaves_stops_the_prediction_within_a_second()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Streams(s => s.Output("Hel").Stall());
        using var leaving = new CancellationTokenSource();
        var opened = await stage.OpenStreamAsync(Operation.Chat, Chat(), new Asking { Cancel = leaving.Token });
        await using (var stream = opened.Value!)
        {
            await stream.WaitAsync(default);
            await leaving.CancelAsync();
        }

        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => stage.Sim.OpenStreams == 0, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Case_37_an_answer_that_nobody_began_to_read_stops_the_prediction()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).NeverFinishes();
        var opened = await stage.OpenStreamAsync(Operation.Chat, Chat());

        await opened.Value!.DisposeAsync();

        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Case_38_a_stream_on_a_foreign_host_is_not_followed()
    {
        await using var stage = await OpenAsync();
        await using var foreign = await ReplicateSimulator.StartAsync();
        stage.Sim.Script.Model(Llama).StreamAt(foreign.Address + "steal");

        var heard = await stage.ChatStreamAsync();

        Assert.Equal(FaultKind.UpstreamInvalid, heard.Fault!.Kind);
        Assert.Equal(502, heard.Fault.Status);
        Assert.Empty(foreign.Requests);
        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_silent_stream_is_opened_again()
    {
        await using var stage = await OpenAsync(new StageOptions { IdleSeconds = 1 });
        stage
            .Sim.Script.Model(Llama)
            .Steps("processing", "succeeded")
            .Streams(s => s.Output("Hel").Stall())
            .ThenStreams(s => s.Outputs("Hel", "lo").Done());

        Assert.Equal("Hello", (await stage.ChatStreamAsync()).Content);
        Assert.Equal(2, stage.StreamCalls.Count);
    }

    [Fact]
    public async Task A_stream_that_keeps_breaking_is_followed_by_asking()
    {
        await using var stage = await OpenAsync();
        stage
            .Sim.Script.Model(Llama)
            .Output(new JsonArray("Hel", "lo"))
            .Steps("processing", "processing", "processing", "processing", "processing", "succeeded")
            .Streams(s => s.Output("Hel").Reset());

        var heard = await stage.ChatStreamAsync();

        Assert.Null(heard.Fault);
        Assert.Equal("Hello", heard.Content);
        Assert.Equal(4, stage.StreamCalls.Count);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_opened_is_followed_by_asking()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Output(new JsonArray("Hel", "lo")).Streams(s => s.Refuse(503));

        Assert.Equal("Hello", (await stage.ChatStreamAsync()).Content);
    }
}
