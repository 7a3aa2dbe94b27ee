using System.Collections.Concurrent;
using Bifrost.Simulator;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;

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

        await Task.WhenAll(
            Enumerable.Range(1, Callers).Select(number => LeaveAsync(gateway, "replicate/" + Storm.Model, number, HasBegun, leftAt))
        );

        await Eventually.IsTrueAsync(() => sim.Predictions.Count(p => p.Cancelled) == Callers);
        await Eventually.IsTrueAsync(() => sim.OpenStreams == 0);
        foreach (var prediction in sim.Predictions)
        {
            var number = Tale.NumberIn(prediction.Input["prompt"]!.ToString());
            var cancel = Assert.Single(sim.RequestsTo("POST", $"/v1/predictions/{prediction.Id}/cancel"));
            var after = cancel.At - leftAt[number];
            Assert.True(after < TimeSpan.FromSeconds(1), $"Tale {number} was cancelled after {after.TotalMilliseconds:0} ms.");
        }

        bool HasBegun(int number) =>
            sim.Predictions.Any(p => p.Input["prompt"]!.ToString().Contains(Tale.PromptFor(number), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_leaves_in_the_middle_has_the_providers_own_stream_aborted_within_a_second()
    {
        var abortedAt = new ConcurrentDictionary<int, DateTimeOffset>();
        var begun = new ConcurrentDictionary<int, bool>();
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            using var asked = new StreamReader(http.Request.Body);
            var number = Tale.NumberIn(await asked.ReadToEndAsync());
            using var watching = http.RequestAborted.Register(() => abortedAt[number] = TimeProvider.System.GetUtcNow());
            begun[number] = true;
            http.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 500; i++)
            {
                await http.Response.WriteAsync("data: {\"choices\":[]}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(40, http.RequestAborted);
            }
        });
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        var leftAt = new ConcurrentDictionary<int, DateTimeOffset>();

        await Task.WhenAll(
            Enumerable.Range(1, Callers).Select(number => LeaveAsync(gateway, "openai/gpt-4o", number, begun.ContainsKey, leftAt))
        );

        await Eventually.IsTrueAsync(() => abortedAt.Count == Callers);
        foreach (var (number, at) in abortedAt)
        {
            var after = at - leftAt[number];
            Assert.True(after < TimeSpan.FromSeconds(1), $"Tale {number} was aborted after {after.TotalMilliseconds:0} ms.");
        }
    }

    private static async Task LeaveAsync(
        RunningGateway gateway,
        string model,
        int number,
        Func<int, bool> hasBegun,
        ConcurrentDictionary<int, DateTimeOffset> leftAt
    )
    {
        var dice = new Random(number);
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"{{Tale.PromptFor(number)}}"}]}"""
            ),
        };
        var reading = ReadAsync(gateway, request, leave.Token);
        await Eventually.IsTrueAsync(() => hasBegun(number));
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
