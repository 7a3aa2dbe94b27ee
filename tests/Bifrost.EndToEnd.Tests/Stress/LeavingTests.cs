using System.Collections.Concurrent;
using Bifrost.Simulator;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Stress;

[Collection(StressCollection.Name)]
public sealed class LeavingTests
{
    private const int Callers = 40;

    [Fact]
    public async Task Whoever_leaves_in_the_middle_has_the_prediction_cancelled_within_a_second()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        // The pieces come slowly, and the model would go on for ever.
        sim.Script.Model(Storm.Model)
            .NeverFinishes()
            .StreamsEach(
                (_, _) =>
                    Enumerable
                        .Range(0, 20)
                        .Aggregate(StreamScript.Empty, (script, i) => script.Output($" {i}").Pause(TimeSpan.FromMilliseconds(40)))
                        .Stall()
            );
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();
        var leftAt = new ConcurrentDictionary<int, DateTimeOffset>();

        await Task.WhenAll(Enumerable.Range(1, Callers).Select(number => LeaveAsync(gateway, sim, number, leftAt)));

        await Eventually.IsTrueAsync(() => sim.Predictions.Count(p => p.Cancelled) == Callers);
        await Eventually.IsTrueAsync(() => sim.OpenStreams == 0);
        foreach (var prediction in sim.Predictions)
        {
            var number = Tale.NumberIn(prediction.Input["prompt"]!.ToString());
            var cancel = Assert.Single(sim.RequestsTo("POST", $"/v1/predictions/{prediction.Id}/cancel"));
            var after = cancel.At - leftAt[number];
            Assert.True(after < TimeSpan.FromSeconds(1), $"Tale {number} was cancelled after {after.TotalMilliseconds:0} ms.");
        }
    }

    private static async Task LeaveAsync(
        RunningGateway gateway,
        ReplicateSimulator sim,
        int number,
        ConcurrentDictionary<int, DateTimeOffset> leftAt
    )
    {
        var dice = new Random(number);
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"replicate/{{Storm.Model}}","stream":true,"messages":[{"role":"user","content":"{{Tale.PromptFor(number)}}"}]}"""
            ),
        };
        var reading = ReadAsync(gateway, request, leave.Token);
        await Eventually.IsTrueAsync(() =>
            sim.Predictions.Any(p => p.Input["prompt"]!.ToString().Contains(Tale.PromptFor(number), StringComparison.Ordinal))
        );
        await Task.Delay(dice.Next(400));
        leftAt[number] = TimeProvider.System.GetUtcNow();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task ReadAsync(RunningGateway gateway, HttpRequestMessage request, CancellationToken leave)
    {
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave);
        await using var body = await response.Content.ReadAsStreamAsync(leave);
        var block = new byte[256];
        while (await body.ReadAsync(block, leave) > 0)
        {
            // A slow but attentive reader.
        }
    }
}
