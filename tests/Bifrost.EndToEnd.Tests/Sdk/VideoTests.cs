using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bifrost.Simulator;
using Bifrost.Testing;
using OpenAI.Videos;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class VideoTests
{
    private const string Gen4 = "runwayml/gen4-turbo";
    private static readonly byte[] Still = Pictures.Png(2, 2, 10, 20, 30, 255);

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_video_is_ordered_with_a_form_followed_and_fetched(string surface)
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Gen4).Steps("starting", "processing", "succeeded");
        var client = stage.Sdk(surface).GetVideoClient();

        var made = await OrderAsync(client);
        var id = made.GetProperty("id").GetString()!;
        var seen = new List<JsonElement>();
        for (var i = 0; i < 3; i++)
        {
            seen.Add(Stage.JsonOf(await client.GetVideoAsync(id)));
        }

        var film = (await client.DownloadVideoAsync(id)).GetRawResponse();

        Assert.StartsWith("video_", id, StringComparison.Ordinal);
        Assert.Equal(("video", "queued"), (made.GetProperty("object").GetString(), made.GetProperty("status").GetString()));
        Assert.Equal("replicate/" + Gen4, made.GetProperty("model").GetString());
        Assert.Equal(("10", "720x1280"), (made.GetProperty("seconds").GetString(), made.GetProperty("size").GetString()));
        Assert.Equal(["queued", "in_progress", "completed"], seen.Select(video => video.GetProperty("status").GetString()));
        Assert.Equal(100, seen[^1].GetProperty("progress").GetInt32());
        Assert.True(seen[^1].GetProperty("expires_at").GetInt64() > seen[^1].GetProperty("completed_at").GetInt64());
        Assert.Equal("video/mp4", film.Headers.TryGetValue("Content-Type", out var type) ? type : null);
        Assert.Equal("ftyp", Encoding.ASCII.GetString(film.Content.ToArray(), 4, 4));
        Assert.Equal($"/v1/models/{Gen4}/predictions", stage.Create.Path);
        Assert.Equal("A calm sea", (string?)stage.Input["prompt"]);
        Assert.Equal(10, (int)stage.Input["duration"]!);
        Assert.Equal("9:16", (string?)stage.Input["aspect_ratio"]);
        Assert.Equal("data:image/png;base64," + Convert.ToBase64String(Still), (string?)stage.Input["image"]);
    }

    [Fact]
    public async Task A_video_is_ordered_with_json_too()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetVideoClient();

        var made = Stage.JsonOf(
            await client.CreateVideoAsync(
                Stage.Json("""{"model":"replicate/openai/sora-2","prompt":"A calm sea","seconds":"8","size":"1280x720"}"""),
                "application/json"
            )
        );

        Assert.Equal("queued", made.GetProperty("status").GetString());
        Assert.Equal(8, (int)stage.Input["seconds"]!);
        Assert.Equal("landscape", (string?)stage.Input["aspect_ratio"]);
    }

    [Fact]
    public async Task A_model_that_animates_a_picture_says_that_it_needs_one()
    {
        await using var stage = await Stage.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage
                .Sdk()
                .GetVideoClient()
                .CreateVideoAsync(Stage.Json("""{"model":"replicate/runwayml/gen4-turbo","prompt":"A calm sea"}"""), "application/json")
        );

        Assert.Equal(400, error.Status);
        Assert.Contains("image", error.Message, StringComparison.Ordinal);
        Assert.Empty(stage.Creates);
    }

    [Fact]
    public async Task Content_comes_in_ranges_as_asked()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetVideoClient();
        var id = await FinishedAsync(stage, client);

        var range = Stage.With("Range", "bytes=4-7");
        // To the SDK, 200 is the only success.
        range.ErrorOptions = ClientErrorBehaviors.NoThrow;
        var whole = (await client.DownloadVideoAsync(id)).GetRawResponse().Content.ToArray();
        var part = (await client.DownloadVideoAsync(id, options: range)).GetRawResponse();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/content") { Headers = { Range = new(10, 29) } };
        using var byHand = await stage.Gateway.Client.SendAsync(request);
        using var beyond = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/content")
        {
            Headers = { Range = new RangeHeaderValue(whole.Length + 10, null) },
        };
        using var refused = await stage.Gateway.Client.SendAsync(beyond);

        Assert.Equal((206, "ftyp"), (part.Status, Encoding.ASCII.GetString(part.Content.ToArray())));
        Assert.Equal(HttpStatusCode.PartialContent, byHand.StatusCode);
        Assert.Equal(whole[10..30], await byHand.Content.ReadAsByteArrayAsync());
        Assert.Equal(new ContentRangeHeaderValue(10, 29, whole.Length), byHand.Content.Headers.ContentRange);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);
    }

    [Fact]
    public async Task A_video_that_is_not_finished_has_no_content_yet()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Gen4).NeverFinishes();
        var client = stage.Sdk().GetVideoClient();
        var id = (await OrderAsync(client)).GetProperty("id").GetString()!;

        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.DownloadVideoAsync(id));

        Assert.InRange(error.Status, 400, 409);
    }

    [Fact]
    public async Task The_list_is_newest_first_and_goes_on_with_after()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetVideoClient();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await OrderAsync(client)).GetProperty("id").GetString()!);
        }

        // The SDK gives the page that was asked for, and leaves going on to its caller.
        var pages = new List<JsonElement>();
        string? after = null;
        do
        {
            pages.Add(Stage.JsonOf(await client.GetVideosAsync(limit: 2, after: after).GetRawPagesAsync().FirstAsync()));
            after = pages[^1].GetProperty("last_id").GetString();
        } while (pages[^1].GetProperty("has_more").GetBoolean());

        var oldest = Stage.JsonOf(await client.GetVideosAsync(limit: 1, order: "asc").GetRawPagesAsync().FirstAsync());
        Assert.Equal(ids, pages.SelectMany(IdsOf));
        Assert.Equal([2, 2, 1], pages.Select(page => IdsOf(page).Count()));
        Assert.Equal([true, true, false], pages.Select(page => page.GetProperty("has_more").GetBoolean()));
        Assert.Equal([ids[^1]], IdsOf(oldest));
    }

    [Fact]
    public async Task Deleting_stops_a_running_video_and_forgets_it()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Gen4).NeverFinishes();
        var client = stage.Sdk().GetVideoClient();
        var id = (await OrderAsync(client)).GetProperty("id").GetString()!;

        var deleted = Stage.JsonOf(await client.DeleteVideoAsync(id));
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => client.GetVideoAsync(id));
        var listed = Stage.JsonOf(await client.GetVideosAsync().GetRawPagesAsync().FirstAsync());

        Assert.Equal((id, true), (deleted.GetProperty("id").GetString(), deleted.GetProperty("deleted").GetBoolean()));
        Assert.True(stage.Simulator.Predictions.Single().Cancelled);
        Assert.Equal(404, gone.Status);
        Assert.Empty(IdsOf(listed));
    }

    [Fact]
    public async Task A_model_that_takes_a_video_remixes()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Models.Add(
            SimulatorModel.From(
                "acme/restyle",
                """{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"},"video":{"type":"string","format":"uri"},"duration":{"type":"integer"}}}""",
                """{"type":"string","format":"uri"}"""
            )
        );
        var client = stage.Sdk().GetVideoClient();
        var first = Stage.JsonOf(
            await client.CreateVideoAsync(Stage.Json("""{"model":"replicate/acme/restyle","prompt":"A sea"}"""), "application/json")
        );
        var id = first.GetProperty("id").GetString()!;
        await Eventually.IsTrueAsync(() => stage.Simulator.Predictions.Single().IsTerminal);

        var remix = Stage.JsonOf(
            await client.CreateVideoRemixAsync(id, Stage.Json("""{"prompt":"The same sea by night"}"""), "application/json")
        );

        Assert.Equal(id, remix.GetProperty("remixed_from_video_id").GetString());
        Assert.NotEqual(id, remix.GetProperty("id").GetString());
        var input = stage.Creates[1].Input()!;
        Assert.Equal("The same sea by night", (string?)input["prompt"]);
        Assert.EndsWith(".mp4", (string?)input["video"], StringComparison.Ordinal);
        Assert.Equal("/v1/models/acme/restyle/predictions", stage.Creates[1].Path);
    }

    [Fact]
    public async Task A_model_that_takes_no_video_says_that_it_cannot_remix()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetVideoClient();
        var id = await FinishedAsync(stage, client);

        using var response = await stage.Gateway.PostAsync($"/v1/videos/{id}/remix", """{"prompt":"by night"}""");

        Assert.InRange((int)response.StatusCode, 400, 501);
        Assert.Contains("cannot remix", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(stage.Creates);
    }

    [Fact]
    public async Task A_failed_video_says_why()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Gen4).Fails("Input image could not be read");
        var client = stage.Sdk().GetVideoClient();
        var id = await FinishedAsync(stage, client);

        var failed = Stage.JsonOf(await client.GetVideoAsync(id));

        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Contains("could not be read", failed.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Orders a video the way OpenAI documents it, with a form.</summary>
    internal static async Task<JsonElement> OrderAsync(VideoClient client, RequestOptions? options = null)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("replicate/" + Gen4), "model" },
            { new StringContent("A calm sea"), "prompt" },
            { new StringContent("10"), "seconds" },
            { new StringContent("720x1280"), "size" },
            {
                new ByteArrayContent(Still) { Headers = { ContentType = new("image/png") } },
                "input_reference",
                "still.png"
            },
        };
        var body = BinaryContent.Create(BinaryData.FromBytes(await form.ReadAsByteArrayAsync()));
        return Stage.JsonOf(await client.CreateVideoAsync(body, form.Headers.ContentType!.ToString(), options));
    }

    private static async Task<string> FinishedAsync(Stage stage, VideoClient client)
    {
        var id = (await OrderAsync(client)).GetProperty("id").GetString()!;
        await Eventually.IsTrueAsync(() => stage.Simulator.Predictions.Single().IsTerminal);
        return id;
    }

    private static IEnumerable<string> IdsOf(JsonElement page) =>
        page.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!);
}
