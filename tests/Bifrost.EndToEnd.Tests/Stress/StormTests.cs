using System.Diagnostics;
using System.Globalization;
using Bifrost.EndToEnd.Tests.Recordings;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Stress;

/// <summary>Two hundred and fifty streams at once while everything upstream breaks. <c>BIFROST_STORM_SEED</c> repeats a storm that a failure
/// names.</summary>
[Collection(StressCollection.Name)]
public sealed class StormTests
{
    private const int Chats = 200;
    private const int Responses = 50;

    private static readonly int Seed = int.TryParse(
        Environment.GetEnvironmentVariable("BIFROST_STORM_SEED"),
        CultureInfo.InvariantCulture,
        out var seed
    )
        ? seed
        : Random.Shared.Next(1_000_000);

    [Fact]
    public async Task In_a_storm_every_caller_gets_the_whole_answer_or_a_clear_error_and_nothing_is_left_behind()
    {
        await using (var warmth = await Storm.RiseAsync(1))
        {
            await Task.WhenAll(Enumerable.Range(1, 20).Select(warmth.ChatAsync).Concat(Enumerable.Range(1, 5).Select(warmth.RespondAsync)));
        }

        using var leftovers = new Leftovers();
        var (sockets, threads) = (Leftovers.Sockets, Leftovers.Threads);
        var watch = Stopwatch.StartNew();
        await using (var storm = await Storm.RiseAsync(Seed))
        {
            var chats = Enumerable.Range(1, Chats).Select(storm.ChatAsync).ToArray();
            var responses = Enumerable.Range(Chats + 1, Responses).Select(storm.RespondAsync).ToArray();
            var heard = await Task.WhenAll(chats.Concat(responses)).WaitAsync(TimeSpan.FromSeconds(60));

            for (var i = 0; i < heard.Length; i++)
            {
                AssertClear(i + 1, heard[i], isChat: i < Chats);
            }

            await Eventually.IsTrueAsync(() => storm.Sim.OpenStreams == 0);
            await Eventually.IsTrueAsync(() => storm.Sim.Predictions.All(prediction => prediction.IsTerminal));
            Assert.Equal(Tale.Of(1), (await AgainAsync(storm)).Content);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {Seed}: {watch.Elapsed.TotalSeconds:0.0} s, {leftovers.Arrays} arrays out.");
        await Eventually.IsTrueAsync(() => Leftovers.Sockets <= sockets, TimeSpan.FromSeconds(10));
        Assert.InRange(Leftovers.Threads, 0, threads + 40);
        Assert.True(leftovers.Arrays < 25, $"Seed {Seed}: {leftovers.Arrays} arrays were taken from the pools and not given back.");
    }

    private static async Task<Heard> AgainAsync(Storm storm)
    {
        storm.Sim.Script.Clear();
        storm.Sim.Script.Model(Storm.Model).Streams(s => s.Outputs(Tale.PiecesOf(1)).Done());
        return await storm.ChatAsync(1);
    }

    private static void AssertClear(int number, Heard heard, bool isChat)
    {
        var whole = Tale.Of(number);
        var text =
            isChat && heard.Status == 200 ? heard.Content
            : heard.Status == 200 ? heard.ResponseText
            : "";
        var why = $"Seed {Seed}, tale {number}, status {heard.Status}: {heard.Text}";
        if (Storm.Fails(number))
        {
            Assert.True(heard.Error is not null, why);
            Assert.Contains(Storm.FailureOf(number), heard.Error!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.True(whole.StartsWith(text, StringComparison.Ordinal), why);
            Assert.False(heard.IsDone && isChat, why);
            return;
        }

        Assert.True(heard.Status == 200 && heard.Error is null, why);
        Assert.True(text == whole, why);
        if (isChat)
        {
            Assert.True(heard.IsDone && heard.FinishReasons is ["stop"], why);
        }
        else
        {
            Assert.True(Heard.TypeOf(heard.Events[^1]) == "response.completed", why);
        }
    }
}
