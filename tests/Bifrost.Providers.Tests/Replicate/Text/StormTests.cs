using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Simulator;
using Bifrost.Testing;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Text;

public sealed class StormTests
{
    private const int Streams = 200;
    private const int Tokens = 30;

    [Fact]
    public async Task Two_hundred_streams_over_breaking_lines_are_whole_or_clearly_failed()
    {
        await using var stage = await OpenAsync(
            new StageOptions
            {
                IdleSeconds = 1,
                PatienceSeconds = 60,
                Pace = 0.01,
            }
        );
        stage.Sim.Script.Model(Llama).Output(Words()).RunTime(TimeSpan.FromSeconds(1.5)).StreamsEach(Break);

        var heard = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => stage.ChatStreamAsync()));

        var whole = string.Concat(Words().Select(word => word!.ToString()));
        Assert.All(heard, one => Assert.True(one.Fault is not null || one.Content == whole, one.Text));
        Assert.All(heard, one => Assert.Equal(one.Fault is null ? 1 : 0, one.FinishReasons.Count));
        Assert.True(heard.Count(one => one.Fault is null) > Streams / 2);
        Assert.True(stage.StreamCalls.Count > 2 * Streams, "The lines did not break.");
        await Eventually.IsTrueAsync(() => stage.Sim.OpenStreams == 0);
        await Eventually.IsTrueAsync(() => stage.Runtime.Cancels.Count == 0);
        Assert.Equal(0, stage.Runtime.Waiters.Count);
    }

    [Fact]
    public async Task Two_hundred_callers_who_leave_leave_nothing_running()
    {
        await using var stage = await OpenAsync(new StageOptions { Pace = 0.01 });
        stage.Sim.Script.Model(Llama).NeverFinishes().Streams(s => s.Outputs("a", "b").Stall());
        using var leaving = new CancellationTokenSource();

        var asking = Enumerable
            .Range(0, Streams)
            .Select(_ => stage.ChatStreamAsync(asking: new Asking { Cancel = leaving.Token }))
            .ToArray();
        await Eventually.IsTrueAsync(() => stage.Sim.OpenStreams == Streams, TimeSpan.FromSeconds(20));
        await leaving.CancelAsync();

        foreach (var one in asking)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == Streams, TimeSpan.FromSeconds(5));
        await Eventually.IsTrueAsync(() => stage.Sim.OpenStreams == 0);
        Assert.All(stage.Sim.Predictions, prediction => Assert.Equal("canceled", prediction.Status));
    }

    private static JsonArray Words() =>
        [.. Enumerable.Range(0, Tokens).Select(i => (JsonNode)(" word" + i.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>The first connections break in some way at some place; the fourth is good.</summary>
    private static StreamScript Break(SimulatedPrediction prediction, int connection)
    {
        var dice = new Random(HashCode.Combine(prediction.Id, connection));
        var script = StreamScript.Empty;
        var words = Words().Select(word => word!.ToString()).ToArray();
        var keep = connection < 3 ? dice.Next(0, Tokens) : Tokens;
        foreach (var word in words.Take(keep))
        {
            script = script.Output(word);
        }

        script = dice.Next(2) == 0 ? script.HonourLastEventId() : script;
        return connection >= 3
            ? script.Done()
            : dice.Next(5) switch
            {
                0 => script.Cut(),
                1 => script.Reset(),
                2 => script.End(),
                3 => script.RequestTimeout(),
                _ => script.Stall(),
            };
    }
}
