using System.Text.Json;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>Recorded picture models, asked through the gateway.</summary>
public sealed class PictureRecordingTests
{
    private const string Version = "39ed52f2a78e934b3ba6e2a89f5b1c712de7dfea535525255b1aa35c5565e08b";
    private const string Sdxl = "replicate/stability-ai/sdxl:" + Version;

    [Fact]
    [Plays("run")]
    public async Task A_picture_is_waited_for_through_every_recorded_state()
    {
        await using var replay = await Replay.OfAsync("run");

        var heard = await DrawAsync(replay, Sdxl);

        Assert.Equal(200, heard.Status);
        Assert.Equal(
            "https://replicate.delivery/pbxt/gDoc64M9pRaQNdZb0evCRgm57WZJ5BKi0T5kzV6qm2tGmd8IA/out-0.png",
            heard.Json.GetProperty("data")[0].GetProperty("url").GetString()
        );
        var polls = replay.Exchanges.Count(exchange => exchange.Path == "/v1/predictions/azaq55dbukgxg6kubr4k6g3pby");
        Assert.Equal(polls, replay.Calls("GET", "/v1/predictions/azaq55dbukgxg6kubr4k6g3pby"));
        AssertSentAsRecorded(replay, replay.Exchanges.First(exchange => exchange.Method == "POST"));
        Assert.Equal(0, replay.Calls("POST", "/v1/predictions/azaq55dbukgxg6kubr4k6g3pby/cancel"));
    }

    [Fact]
    [Plays("predictions-create")]
    public async Task A_community_model_is_created_by_its_newest_version_once_its_name_was_refused()
    {
        await using var replay = await Replay.OfAsync("predictions-create", "predictions-get");

        var byName = await DrawAsync(replay, "replicate/stability-ai/sdxl");
        var byVersion = await DrawAsync(replay, Sdxl);

        Assert.Equal((200, 200), (byName.Status, byVersion.Status));
        Assert.StartsWith(
            "https://replicate.delivery/pbxt/9inf36w",
            byName.Json.GetProperty("data")[0].GetProperty("url").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["/v1/models/stability-ai/sdxl/predictions", "/v1/predictions", "/v1/predictions"],
            replay.Creates.Select(create => create.Path)
        );
        var create = replay.Exchanges.First(exchange => exchange is { Method: "POST", Path: "/v1/predictions" });
        AssertSentAsRecorded(replay, create, nth: 1);
        AssertSentAsRecorded(replay, create, nth: 2);
    }

    [Theory]
    [Plays("predictions-get")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_finished_picture_reads_the_same_in_both_recorded_forms(int form)
    {
        var looks = Recording.Read("predictions-get").Recorded;
        await using var replay = await Replay.OfAsync([.. Recording.Read("predictions-create").Recorded, looks[form]]);

        var heard = await DrawAsync(replay, Sdxl);

        Assert.Equal(
            "https://replicate.delivery/pbxt/9inf36wjsEWuQ6XTf84iezPftv9QZdePfGySnU5tUai3BOrWE/out-0.png",
            heard.Json.GetProperty("data")[0].GetProperty("url").GetString()
        );
    }

    [Fact]
    [Plays("predictions-cancel")]
    public async Task A_caller_who_leaves_before_the_picture_is_done_cancels_it_within_a_second()
    {
        await using var replay = await Replay.OfAsync("predictions-cancel");
        using var leave = new CancellationTokenSource();
        using var body = new StringContent(Body(Sdxl));
        var call = replay.Gateway.Client.PostAsync("/v1/images/generations", body, leave.Token);
        await Eventually.IsTrueAsync(() => replay.Calls("GET", "/v1/predictions/hdwst0bb05rgp0cf0p29mzk2am") > 0);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.IsTrueAsync(
            () => replay.Calls("POST", "/v1/predictions/hdwst0bb05rgp0cf0p29mzk2am/cancel") == 1,
            TimeSpan.FromSeconds(1)
        );
    }

    private static string Body(string model) =>
        $$"""{"model":"{{model}}","prompt":"a studio photo of a rainbow colored corgi","size":"512x512","seed":42069}""";

    private static Task<Heard> DrawAsync(Replay replay, string model) =>
        Heard.OfAsync(replay.Gateway.PostAsync("/v1/images/generations", Body(model)));

    /// <summary>The gateway may say more than the recorded client did, but nothing else.</summary>
    private static void AssertSentAsRecorded(Replay replay, RecordedExchange recorded, int nth = 0)
    {
        var sent = JsonElement.Parse(replay.Creates[nth].Body);
        var asked = recorded.Asked!.Value;
        Assert.Equal(asked.GetProperty("version").GetString(), sent.GetProperty("version").GetString());
        foreach (var field in asked.GetProperty("input").EnumerateObject())
        {
            Assert.Equal(field.Value.ToString(), sent.GetProperty("input").GetProperty(field.Name).ToString());
        }
    }
}
