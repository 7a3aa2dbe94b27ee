using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Bifrost.Simulator;

namespace Bifrost.Providers.Tests.Replicate.Videos;

public sealed class VideoTests
{
    private const string Gen4 = "replicate/runwayml/gen4-turbo";
    private const string Sora = "replicate/openai/sora-2";
    private const string Minimax = "replicate/minimax/video-01";

    [Fact]
    public async Task Case_49_a_missing_reference_is_named_before_anything_is_bought()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/videos", Body(Gen4));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("image", answer.Text, StringComparison.Ordinal);
        Assert.Empty(studio.Creates);
    }

    [Fact]
    public async Task Case_49_the_length_really_used_is_reported()
    {
        await using var studio = await Studio.OpenAsync();
        var form = Studio
            .Form(("model", Gen4), ("prompt", "Waves."), ("seconds", "8"))
            .With("input_reference", [1, 2, 3, 4], "frame.png", "image/png");

        var answer = await studio.PostAsync("/v1/videos", form);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("10", (string?)answer.Json["seconds"]);
        Assert.Equal(10, (int)studio.Input["duration"]!);
        Assert.StartsWith("data:image/png;base64,", (string?)studio.Input["image"]);
    }

    [Fact]
    public async Task Case_50_sora_takes_an_orientation_and_seconds()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/videos", Body(Sora, ("size", "1280x720"), ("seconds", "4")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("landscape", (string?)studio.Input["aspect_ratio"]);
        Assert.Equal(4, (int)studio.Input["seconds"]!);
        Assert.Equal("video", (string?)answer.Json["object"]);
        Assert.StartsWith("video_", (string?)answer.Json["id"]);
        Assert.Equal("Waves.", (string?)answer.Json["prompt"]);
        Assert.Equal(Sora, (string?)answer.Json["model"]);
    }

    [Theory]
    [InlineData("minimax/video-01", "first_frame_image")]
    [InlineData("kwaivgi/kling-v2.1", "start_image")]
    public async Task Case_51_the_reference_goes_where_the_model_wants_it(string model, string input)
    {
        await using var studio = await Studio.OpenAsync();
        var form = Studio
            .Form(("model", "replicate/" + model), ("prompt", "Waves."))
            .With("input_reference", [1, 2, 3, 4], "frame.png", "image/png");

        var answer = await studio.PostAsync("/v1/videos", form);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("data:image/png;base64,", (string?)studio.Input[input]);
    }

    [Fact]
    public async Task Creating_does_not_wait_for_the_film()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").NeverFinishes();

        var answer = await studio.PostAsync("/v1/videos", Body(Minimax));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var create = Assert.Single(studio.Creates);
        Assert.Null(create.Header("Prefer"));
        Assert.NotNull(create.Header("Cancel-After"));
        Assert.DoesNotContain(studio.Simulator.Requests, r => r.Path.EndsWith("/cancel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Case_52_the_status_follows_the_prediction()
    {
        await using var studio = await Studio.OpenAsync();
        studio
            .Simulator.Script.Model("*")
            .Steps("starting", new PredictionStep("processing") { Logs = "loading\n 42%|####      | 21/50\n" }, "succeeded");
        var id = await CreateAsync(studio);

        var queued = (await studio.GetAsync($"/v1/videos/{id}")).Json;
        var running = (await studio.GetAsync($"/v1/videos/{id}")).Json;
        var completed = (await studio.GetAsync($"/v1/videos/{id}")).Json;

        Assert.Equal(("queued", 0), ((string)queued["status"]!, (int)queued["progress"]!));
        Assert.Equal(("in_progress", 42), ((string)running["status"]!, (int)running["progress"]!));
        Assert.Equal(("completed", 100), ((string)completed["status"]!, (int)completed["progress"]!));
        Assert.Equal(3600, (long)completed["expires_at"]! - (long)completed["completed_at"]!);
    }

    [Fact]
    public async Task Case_52_the_film_streams_whole_and_in_ranges_without_the_token()
    {
        await using var studio = await Studio.OpenAsync();
        var id = await CreateAsync(studio);
        var whole = await studio.GetAsync($"/v1/videos/{id}/content");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/content");
        request.Headers.Range = new RangeHeaderValue(5, 20);
        using var part = await studio.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, whole.Status);
        Assert.Equal("video/mp4", whole.ContentType);
        Assert.Equal("bytes", Assert.Single(whole.Headers.AcceptRanges));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal($"bytes 5-20/{whole.Bytes.Length}", part.Content.Headers.ContentRange?.ToString());
        Assert.Equal(whole.Bytes[5..21], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var deliveries = studio.Simulator.Requests.Where(r => !r.Path.StartsWith("/v1/", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, deliveries.Count);
        Assert.All(deliveries, delivery => Assert.Null(delivery.Header("Authorization")));
    }

    [Fact]
    public async Task A_range_that_the_film_does_not_have_is_the_callers_fault()
    {
        await using var studio = await Studio.OpenAsync();
        var id = await CreateAsync(studio);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/content");
        request.Headers.Range = new RangeHeaderValue(99_000_000, null);

        using var response = await studio.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Fact]
    public async Task Case_52_a_job_is_asked_after_with_the_key_that_made_it()
    {
        var accounts = new Dictionary<string, string> { [Studio.Token] = "one", [Studio.OtherToken] = "two" };
        await using var studio = await Studio.OpenAsync(new SimulatorOptions { Accounts = accounts }, twoKeys: true);
        for (var i = 0; i < 6; i++)
        {
            var id = await CreateAsync(studio);
            var maker = studio.Creates[^1].Header("Authorization");

            Assert.Equal(HttpStatusCode.OK, (await studio.GetAsync($"/v1/videos/{id}")).Status);
            Assert.Equal(maker, studio.Simulator.RequestsTo("GET", "/v1/predictions/")[^1].Header("Authorization"));
        }
    }

    [Fact]
    public async Task An_id_that_was_changed_is_unknown_and_nobody_is_asked()
    {
        await using var studio = await Studio.OpenAsync();
        var id = await CreateAsync(studio);
        var calls = studio.Simulator.Requests.Count;

        var bent = await studio.GetAsync($"/v1/videos/{id[..^3]}{(id[^3] == 'A' ? 'B' : 'A')}{id[^2..]}");

        Assert.Equal(HttpStatusCode.NotFound, bent.Status);
        Assert.Equal(calls, studio.Simulator.Requests.Count);
    }

    [Fact]
    public async Task Case_53_the_film_is_gone_once_its_data_was_removed()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").DataRemoved();
        var id = await CreateAsync(studio);

        var answer = await studio.GetAsync($"/v1/videos/{id}/content");

        Assert.Equal(HttpStatusCode.Gone, answer.Status);
    }

    [Fact]
    public async Task The_film_of_an_unfinished_job_is_a_conflict()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").NeverFinishes();
        var id = await CreateAsync(studio);

        var answer = await studio.GetAsync($"/v1/videos/{id}/content");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
    }

    [Fact]
    public async Task Only_the_film_itself_can_be_had()
    {
        await using var studio = await Studio.OpenAsync();
        var id = await CreateAsync(studio);

        var answer = await studio.GetAsync($"/v1/videos/{id}/content?variant=thumbnail");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("variant", answer.ErrorParam);
    }

    [Fact]
    public async Task A_film_at_a_private_address_is_not_fetched()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").Output("http://169.254.169.254/film.mp4");
        var id = await CreateAsync(studio);

        var answer = await studio.GetAsync($"/v1/videos/{id}/content");

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("forbidden_address", answer.ErrorCode);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("canceled")]
    [InlineData("expired")]
    public async Task A_job_that_failed_says_why(string code)
    {
        await using var studio = await Studio.OpenAsync();
        var rule = studio.Simulator.Script.Model("*");
        _ =
            code == "failed" ? rule.Fails("CUDA out of memory")
            : code == "canceled" ? rule.Cancels()
            : rule.Aborts();
        var id = await CreateAsync(studio);

        var answer = await studio.GetAsync($"/v1/videos/{id}");

        Assert.Equal("failed", (string?)answer.Json["status"]);
        Assert.Equal(code, (string?)answer.Json["error"]!["code"]);
        Assert.NotEmpty((string?)answer.Json["error"]!["message"] ?? "");
    }

    [Fact]
    public async Task Deleting_stops_a_running_job_and_forgets_it()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").NeverFinishes();
        var id = await CreateAsync(studio);

        var deleted = await studio.DeleteAsync($"/v1/videos/{id}");

        Assert.True((bool)deleted.Json["deleted"]!);
        Assert.Equal("canceled", Assert.Single(studio.Simulator.Predictions).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await studio.GetAsync($"/v1/videos/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await studio.GetAsync($"/v1/videos/{id}/content")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await studio.DeleteAsync($"/v1/videos/{id}")).Status);
        Assert.Empty((await studio.GetAsync("/v1/videos")).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task Jobs_are_listed_page_by_page_with_fresh_news()
    {
        await using var studio = await Studio.OpenAsync();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add(await CreateAsync(studio));
        }

        var first = await studio.GetAsync("/v1/videos?limit=2");
        var second = await studio.GetAsync($"/v1/videos?limit=3&after={first.Json["last_id"]}");
        var oldest = await studio.GetAsync("/v1/videos?limit=1&order=asc");

        Assert.Equal([made[4], made[3]], Ids(first));
        Assert.True((bool)first.Json["has_more"]!);
        Assert.Equal([made[2], made[1], made[0]], Ids(second));
        Assert.False((bool)second.Json["has_more"]!);
        Assert.Equal([made[0]], Ids(oldest));
        Assert.Equal(HttpStatusCode.BadRequest, (await studio.GetAsync("/v1/videos?limit=101")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await studio.GetAsync("/v1/videos?after=video_unknown")).Status);
    }

    [Fact]
    public async Task A_caller_with_a_key_of_its_own_sees_its_own_jobs_only()
    {
        await using var studio = await Studio.OpenAsync();
        await CreateAsync(studio);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/videos");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "r8_somebodyelse");

        using var response = await studio.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Empty((await Answered.OfAsync(response)).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task A_model_without_video_input_cannot_remix_and_says_so()
    {
        await using var studio = await Studio.OpenAsync();
        var id = await CreateAsync(studio);

        var answer = await studio.PostAsync($"/v1/videos/{id}/remix", new JsonObject { ["prompt"] = "At night." });

        Assert.Equal(HttpStatusCode.NotImplemented, answer.Status);
        Assert.Contains("video", answer.Text, StringComparison.Ordinal);
        Assert.Single(studio.Creates);
    }

    [Fact]
    public async Task A_remix_starts_from_the_earlier_film()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Models.Add(
            SimulatorModel.From(
                "acme/remixer",
                """{"type":"object","properties":{"prompt":{"type":"string"},"video":{"type":"string","format":"uri"}},"required":["prompt"]}""",
                """{"type":"string","format":"uri"}"""
            ) with
            {
                Kind = AnswerKind.Video,
            }
        );
        var id = await CreateAsync(studio, "replicate/acme/remixer");

        var answer = await studio.PostAsync($"/v1/videos/{id}/remix", new JsonObject { ["prompt"] = "At night." });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(id, (string?)answer.Json["remixed_from_video_id"]);
        Assert.NotEqual(id, (string?)answer.Json["id"]);
        var input = studio.Creates[^1].Input()!;
        Assert.Equal("At night.", (string?)input["prompt"]);
        Assert.StartsWith(studio.Simulator.Address.AbsoluteUri, (string?)input["video"]);
    }

    [Fact]
    public async Task A_remix_of_an_unfinished_film_is_a_conflict()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").NeverFinishes();
        var id = await CreateAsync(studio);

        var answer = await studio.PostAsync($"/v1/videos/{id}/remix", new JsonObject { ["prompt"] = "At night." });

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
    }

    private static async Task<string> CreateAsync(Studio studio, string model = Minimax) =>
        (string)(await studio.PostAsync("/v1/videos", Body(model))).Json["id"]!;

    private static IEnumerable<string> Ids(Answered page) => page.Json["data"]!.AsArray().Select(job => (string)job!["id"]!);

    private static JsonObject Body(string model, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject { ["model"] = model, ["prompt"] = "Waves." };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }
}
