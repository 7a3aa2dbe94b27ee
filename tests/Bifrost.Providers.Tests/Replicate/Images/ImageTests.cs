using System.Net;
using System.Text.Json.Nodes;
using Bifrost.Simulator;

namespace Bifrost.Providers.Tests.Replicate.Images;

public sealed class ImageTests
{
    private const string Schnell = "replicate/black-forest-labs/flux-schnell";
    private const string Pro = "replicate/black-forest-labs/flux-1.1-pro";

    [Fact]
    public async Task Case_39_pictures_that_the_model_counts_are_one_prediction()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell, ("n", 3), ("size", "1024x1024")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(3, answer.Json["data"]!.AsArray().Count);
        Assert.Equal(3, (int)studio.Input["num_outputs"]!);
        Assert.Equal("1:1", (string?)studio.Input["aspect_ratio"]);
        Assert.True((long)answer.Json["created"]! > 1_600_000_000);
        Assert.StartsWith(studio.Simulator.Address.AbsoluteUri, (string?)answer.Json["data"]![0]!["url"]);
    }

    [Fact]
    public async Task Case_40_pictures_that_the_model_cannot_count_are_several_predictions()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Pro, ("n", 2)));

        Assert.Equal(2, answer.Json["data"]!.AsArray().Count);
        Assert.Equal(2, studio.Creates.Count);
        Assert.NotEqual((long?)studio.Creates[0].Input()!["seed"], (long?)studio.Creates[1].Input()!["seed"]);
    }

    [Fact]
    public async Task Case_40_one_failed_run_fails_all_and_cancels_the_rest()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("black-forest-labs/flux-1.1-pro").Times(1).Fails("The input was flagged as sensitive (E005)");
        studio.Simulator.Script.Model("black-forest-labs/flux-1.1-pro").CreateAnswers(201).NeverFinishes();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Pro, ("n", 3)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("content_policy_violation", answer.ErrorCode);
        await Bifrost.Testing.Eventually.IsTrueAsync(() =>
            studio.Simulator.Predictions.Count(prediction => prediction.Status == "canceled") == 2
        );
    }

    [Fact]
    public async Task One_run_turned_away_for_the_moment_is_tried_again_alone()
    {
        await using var studio = await Studio.OpenAsync();
        studio
            .Simulator.Script.On("POST", "/v1/models/black-forest-labs/flux-1.1-pro/predictions")
            .Times(1)
            .AnswerJson(429, """{"detail":"Request was throttled.","status":429,"retry_after":0}""");

        var answer = await studio.PostAsync("/v1/images/generations", Body(Pro, ("n", 2)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(3, studio.Creates.Count);
    }

    [Fact]
    public async Task Case_45_jpeg_is_called_jpg_where_the_model_says_so()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell, ("output_format", "jpeg")));

        Assert.Equal("jpg", (string?)studio.Input["output_format"]);
        Assert.Equal("jpeg", (string?)answer.Json["output_format"]);
    }

    [Fact]
    public async Task Case_46_bytes_are_fetched_without_the_token()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell, ("response_format", "b64_json")));

        var picture = Convert.FromBase64String((string)answer.Json["data"]![0]!["b64_json"]!);
        Assert.True(picture.Length > 100);
        var delivery = Assert.Single(studio.Simulator.Requests, r => !r.Path.StartsWith("/v1/", StringComparison.Ordinal));
        Assert.Null(delivery.Header("Authorization"));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/out.png")]
    [InlineData("http://10.1.2.3/out.png")]
    [InlineData("http://localhost:1/out.png")]
    public async Task Case_46_a_private_output_address_is_not_fetched(string address)
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").Output(new JsonArray(address));

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell, ("response_format", "b64_json")));

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("forbidden_address", answer.ErrorCode);
    }

    [Fact]
    public async Task A_data_url_becomes_bytes_when_bytes_are_wanted()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").DataUrls();

        var answer = await studio.PostAsync(
            "/v1/images/generations",
            Body(Schnell, ("response_format", "b64_json"), ("output_format", "png"))
        );

        Assert.StartsWith("iVBOR", (string?)answer.Json["data"]![0]!["b64_json"]);
        Assert.Equal("png", (string?)answer.Json["output_format"]);
    }

    [Fact]
    public async Task A_data_url_stays_one_when_an_address_is_wanted()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").DataUrls();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell));

        Assert.StartsWith("data:image/", (string?)answer.Json["data"]![0]!["url"]);
    }

    [Fact]
    public async Task An_empty_list_after_success_is_a_content_policy_fault()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").Output(new JsonArray());

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("content_policy_violation", answer.ErrorCode);
    }

    [Fact]
    public async Task No_output_after_success_is_a_fault_of_the_model()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").Output(null);

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell));

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("empty_output", answer.ErrorCode);
    }

    [Fact]
    public async Task Case_48_flagged_prompts_are_refused_and_not_tried_again()
    {
        await using var studio = await Studio.OpenAsync(retries: 2);
        studio
            .Simulator.Script.Model("*")
            .Fails("The input or output was flagged as sensitive. Please try again with different inputs. (E005)");

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("content_policy_violation", answer.ErrorCode);
        Assert.Single(studio.Creates);
    }

    [Fact]
    public async Task A_community_model_is_created_by_version()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/generations", Body("replicate/stability-ai/sdxl", ("size", "1024x768")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1024, (int)studio.Input["width"]!);
        Assert.Equal(768, (int)studio.Input["height"]!);
        Assert.False(studio.Input.ContainsKey("aspect_ratio"));
    }

    [Fact]
    public async Task A_stream_gives_one_event_for_each_picture()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell, ("n", 2), ("stream", true)));

        Assert.Equal("text/event-stream", answer.ContentType);
        Assert.Equal(2, answer.Text.Split("event: image_generation.completed").Length - 1);
    }

    [Fact]
    public async Task A_stream_that_fails_at_once_is_a_plain_error()
    {
        await using var studio = await Studio.OpenAsync();
        studio.Simulator.Script.Model("*").Fails("flagged as sensitive (E005)");

        var answer = await studio.PostAsync("/v1/images/generations", Body(Schnell, ("stream", true)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("content_policy_violation", answer.ErrorCode);
    }

    [Fact]
    public async Task Drafts_are_partial_pictures()
    {
        await using var studio = await Studio.OpenAsync();
        var model = studio.Simulator.Models.Add(
            SimulatorModel.From(
                "acme/drafts",
                """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}""",
                """{"type":"array","items":{"type":"string","format":"uri"},"x-cog-array-type":"iterator"}"""
            )
        );
        string[] frames = ["data:image/png;base64,AAAA", "data:image/png;base64,BBBB", "data:image/png;base64,CCCC"];
        studio
            .Simulator.Script.Model(model.Id)
            .Output(new JsonArray([.. frames.Select(frame => (JsonNode)frame)]))
            .Streams(script => script.Outputs(frames).Done());

        var answer = await studio.PostAsync(
            "/v1/images/generations",
            Body("replicate/acme/drafts", ("stream", true), ("partial_images", 3), ("response_format", "b64_json"))
        );

        Assert.Equal(2, answer.Text.Split("event: image_generation.partial_image").Length - 1);
        Assert.Equal(1, answer.Text.Split("event: image_generation.completed").Length - 1);
        Assert.True(answer.Text.IndexOf("AAAA", StringComparison.Ordinal) < answer.Text.IndexOf("BBBB", StringComparison.Ordinal));
        Assert.True(answer.Text.IndexOf("completed", StringComparison.Ordinal) < answer.Text.IndexOf("CCCC", StringComparison.Ordinal));
    }

    private static JsonObject Body(string model, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject { ["model"] = model, ["prompt"] = "A lighthouse." };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }
}
