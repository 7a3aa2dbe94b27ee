using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Simulator.Tests;

public sealed class StreamTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";

    [Fact]
    public async Task A_healthy_stream_numbers_its_output_and_ends_with_done()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var created = await calls.LlamaAsync();

        var text = await calls.StreamAsync(created);

        var seconds = simulator.Predictions.Single().CreatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Assert.StartsWith($"event: output\nid: {seconds}:0\ndata: This\n\n", text, StringComparison.Ordinal);
        Assert.EndsWith("event: done\ndata: {}\n\n", text, StringComparison.Ordinal);
        await NoStreamIsOpenAsync(simulator);
    }

    [Fact]
    public async Task A_resumed_stream_goes_on_behind_the_last_event()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).Output(new System.Text.Json.Nodes.JsonArray("a", "b", "c"));
        var created = await calls.LlamaAsync();
        var seconds = simulator.Predictions.Single().CreatedAt.ToUnixTimeSeconds();

        var rest = await calls.StreamAsync(created, $"{seconds}:1");

        Assert.DoesNotContain("data: b", rest, StringComparison.Ordinal);
        Assert.Contains("data: c", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scripted_stream_sends_exactly_its_bytes()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).Streams(s => s.LineEnds("\r\n").Event("7:0", "output", " Hel\n\n").Done("canceled").PerByte());
        var created = await calls.LlamaAsync();

        var text = await calls.StreamAsync(created);

        Assert.Equal(
            "event: output\r\nid: 7:0\r\ndata:  Hel\r\ndata: \r\ndata: \r\n\r\nevent: done\r\ndata: {\"reason\": \"canceled\"}\r\n\r\n",
            text
        );
        Assert.Equal("canceled", (await calls.GetJsonAsync("/predictions/" + created["id"]))["status"]!.ToString());
    }

    [Fact]
    public async Task A_cut_stream_breaks_and_the_next_connection_follows_its_own_script()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).Streams(s => s.Output("Hel").Cut()).ThenStreams(s => s.Output("Hel").Output("lo").Done());
        var created = await calls.LlamaAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => calls.StreamAsync(created));
        var whole = await calls.StreamAsync(created);

        Assert.Contains("data: lo\n", whole, StringComparison.Ordinal);
        Assert.Equal(
            ["Hel", "lo"],
            (await calls.GetJsonAsync("/predictions/" + created["id"]))["output"]!.AsArray().Select(x => x!.ToString())
        );
    }

    [Fact]
    public async Task A_reset_stream_breaks()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).Streams(s => s.Output("Hel").Reset());
        var created = await calls.LlamaAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => calls.StreamAsync(created));
    }

    [Fact]
    public async Task An_error_event_fails_the_prediction_with_its_text()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).Streams(s => s.Error("boom").Done("error"));
        var created = await calls.LlamaAsync();

        var text = await calls.StreamAsync(created);
        var ended = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.Equal("event: error\ndata: {\"detail\":\"boom\"}\n\nevent: done\ndata: {\"reason\": \"error\"}\n\n", text);
        Assert.Equal(("failed", "boom"), (ended["status"]!.ToString(), ended["error"]!.ToString()));
    }

    [Fact]
    public async Task An_idle_stream_ends_with_the_timeout_comment()
    {
        await using var simulator = await ReplicateSimulator.StartAsync(
            new SimulatorOptions { StreamIdleLimit = TimeSpan.FromMilliseconds(50) }
        );
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).NeverFinishes();

        Assert.EndsWith(":408: 408 Request Timeout\n\n", await calls.StreamAsync(await calls.LlamaAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_stream_of_a_prediction_that_still_runs_can_be_resumed()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator
            .Script.Model(Llama)
            .Steps("processing", "succeeded")
            .Streams(s => s.Output("Hel").RequestTimeout())
            .ThenStreams(s => s.Output("Hel").Output("lo").Done().HonourLastEventId());
        var created = await calls.LlamaAsync();
        var seconds = simulator.Predictions.Single().CreatedAt.ToUnixTimeSeconds();

        var lost = await calls.StreamAsync(created);
        var meanwhile = await calls.GetJsonAsync("/predictions/" + created["id"]);
        var rest = await calls.StreamAsync(created, $"{seconds}:0");
        var ended = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.Equal($"event: output\nid: {seconds}:0\ndata: Hel\n\n:408: 408 Request Timeout\n\n", lost);
        Assert.Equal("processing", meanwhile["status"]!.ToString());
        Assert.Equal($"event: output\nid: {seconds}:1\ndata: lo\n\nevent: done\ndata: {{}}\n\n", rest);
        Assert.Equal("""["Hel","lo"]""", ended["output"]!.ToJsonString());
    }

    [Fact]
    public async Task Each_connection_can_be_scripted_by_a_function()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator
            .Script.Model(Llama)
            .StreamsEach(
                (prediction, connection) =>
                    connection == 0
                        ? StreamScript.Empty.Refuse(503)
                        : StreamScript.Empty.Output(prediction.Input["prompt"]!.ToString()).Done()
            );
        var created = await calls.LlamaAsync("echo");

        var refused = await calls.StreamAsync(created);
        var served = await calls.StreamAsync(created);

        Assert.Contains("\"status\":503", refused, StringComparison.Ordinal);
        Assert.Contains("data: echo\n", served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_are_split_where_the_script_says_and_each_piece_is_flushed()
    {
        var pieces = new PieceStream();
        var http = new DefaultHttpContext();
        http.Response.Body = pieces;
        var writer = new SplittingWriter(http.Response, StreamScript.Empty.SplitAt(2, 5).ChunksOf(4), CancellationToken.None);

        await writer.WriteAsync("abc"u8.ToArray());
        await writer.WriteAsync("defghijkl"u8.ToArray());

        Assert.Equal(["ab", "c", "de", "fghi", "jkl"], pieces.Pieces);
        Assert.Equal(5, pieces.Flushes);
    }

    [Fact]
    public async Task Two_hundred_streams_with_random_faults_all_end()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).WithProbability(0.3, seed: 7).Streams(s => s.Output("a").Cut());
        _ = simulator.Script.Model(Llama).WithProbability(0.3, seed: 8).Streams(s => s.Output("b").Reset());

        var broken = 0;
        await Parallel.ForAsync(
            0,
            200,
            new ParallelOptions { MaxDegreeOfParallelism = 200 },
            async (_, _) =>
            {
                var created = await calls.LlamaAsync();
                try
                {
                    _ = await calls.StreamAsync(created);
                }
                catch (HttpRequestException)
                {
                    _ = Interlocked.Increment(ref broken);
                }
            }
        );

        Assert.InRange(broken, 60, 140);
        await NoStreamIsOpenAsync(simulator);
    }

    /// <summary>A caller knows of the end a moment before the simulator has tidied up.</summary>
    private static async Task NoStreamIsOpenAsync(ReplicateSimulator simulator)
    {
        for (var i = 0; i < 500 && simulator.OpenStreams > 0; i++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(0, simulator.OpenStreams);
    }

    private sealed class PieceStream : MemoryStream
    {
        public List<string> Pieces { get; } = [];

        public int Flushes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Pieces.Add(System.Text.Encoding.UTF8.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Flushes++;
            return Task.CompletedTask;
        }
    }
}
