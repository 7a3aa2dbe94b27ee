using System.Text;
using Bifrost.EndToEnd.Tests.Recordings;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Stress;

/// <summary>The same storm where the bytes are the provider's own.</summary>
[Collection(StressCollection.Name)]
public sealed class VerbatimStormTests
{
    private const int Callers = 200;

    private enum Fate
    {
        Whole,
        Refused,
        Throttled,
        CutBetweenEvents,
        CutWithinAnEvent,
        Stalled,
    }

    [Fact]
    public async Task In_a_storm_every_caller_gets_the_providers_bytes_whole_or_a_clear_error()
    {
        await using (var warm = await FakeUpstream.StartAsync(AnswerAsync))
        await using (var warmth = await StartAsync(warm))
        {
            await Task.WhenAll(Enumerable.Range(1, 20).Select(number => AskAsync(warmth, number)));
        }

        using var leftovers = new Leftovers();
        var (sockets, threads) = (Leftovers.Sockets, Leftovers.Threads);
        await using (var upstream = await FakeUpstream.StartAsync(AnswerAsync))
        await using (var gateway = await StartAsync(upstream))
        {
            var heard = await Task.WhenAll(Enumerable.Range(1, Callers).Select(number => AskAsync(gateway, number)))
                .WaitAsync(TimeSpan.FromSeconds(60));

            for (var i = 0; i < heard.Length; i++)
            {
                AssertClear(i + 1, heard[i]);
            }

            var whole = Enumerable.Range(1, Callers).First(number => FateOf(number) == Fate.Whole);
            AssertClear(whole, await AskAsync(gateway, whole));
        }

        await Eventually.IsTrueAsync(() => Leftovers.Sockets <= sockets, TimeSpan.FromSeconds(10));
        Assert.InRange(Leftovers.Threads, 0, threads + 40);
        Assert.True(leftovers.Arrays < 25, $"{leftovers.Arrays} arrays were taken from the pools and not given back.");
    }

    private static Task<RunningGateway> StartAsync(FakeUpstream upstream) =>
        AGateway.With().Network(n => n with { StreamIdleTimeoutSeconds = 1, MaxRetries = 0 }).OpenAI(upstream).StartAsync();

    private static Task<Heard> AskAsync(RunningGateway gateway, int number) =>
        Heard.OfAsync(
            gateway.PostAsync(
                "/openai/v1/chat/completions",
                $$"""{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"{{Tale.PromptFor(number)}}"}]}"""
            )
        );

    private static Fate FateOf(int number) => (Fate)new Random(number).Next(6);

    private static async Task AnswerAsync(HttpContext http)
    {
        using var asked = new StreamReader(http.Request.Body);
        var number = Tale.NumberIn(await asked.ReadToEndAsync());
        var fate = FateOf(number);
        if (fate is Fate.Refused or Fate.Throttled)
        {
            await FakeUpstream.WriteAsync(http, """{"error":{"message":"no pen"}}""", fate == Fate.Refused ? 500 : 429);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.WriteAsync(Sent(number));
        await http.Response.Body.FlushAsync();
        if (fate == Fate.Stalled)
        {
            await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        }
        else if (fate != Fate.Whole)
        {
            // A reset may overtake what it follows; the gateway must have something to relay.
            await Task.Delay(100);
            http.Abort();
        }
    }

    private static byte[] Sent(int number)
    {
        var events = Tale.EventsOf(number);
        var fate = FateOf(number);
        var some = fate == Fate.Whole ? events : events[..new Random(-number).Next(1, events.Length)];
        var bytes = some.SelectMany(bytes => bytes).ToArray();
        return fate == Fate.CutWithinAnEvent ? bytes[..^(some[^1].Length / 2)] : bytes;
    }

    private static void AssertClear(int number, Heard heard)
    {
        var fate = FateOf(number);
        var why = $"Tale {number}, {fate}, status {heard.Status}: {heard.Text}";
        var sent = Encoding.UTF8.GetString(Sent(number));
        switch (fate)
        {
            case Fate.Whole:
                Assert.True(heard.Status == 200 && heard.Text == sent, why);
                break;
            case Fate.Refused or Fate.Throttled:
                Assert.True(heard.Status == (fate == Fate.Refused ? 502 : 429) && heard.Error is not null, why);
                break;
            default:
                Assert.True(heard.Status == 200 && heard.Text.StartsWith(sent, StringComparison.Ordinal), why);
                Assert.EndsWith("\n\n", heard.Text, StringComparison.Ordinal);
                var last = heard.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
                Assert.True(last.StartsWith("data: {\"error\":", StringComparison.Ordinal), why);
                Assert.Equal(fate == Fate.Stalled ? "timeout" : "upstream_error", new Heard(200, last + "\n\n").ErrorCode);
                break;
        }
    }
}
