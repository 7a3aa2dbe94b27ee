using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Simulator;
using OpenAI.Images;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class ImageGenerationTests
{
    private const string Schnell = "black-forest-labs/flux-schnell";
    private const string Dev = "black-forest-labs/flux-dev";
    private const string Sdxl = "stability-ai/sdxl";

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task Pictures_come_as_addresses_that_can_be_fetched(string surface)
    {
        await using var stage = await Stage.StartAsync();
        var options = new ImageGenerationOptions
        {
            Size = new GeneratedImageSize(1792, 1024),
            ResponseFormat = GeneratedImageFormat.Uri,
            OutputFileFormat = GeneratedImageFileFormat.Jpeg,
            OutputCompressionFactor = 60,
        };

        var result = await stage.Sdk(surface).GetImageClient("replicate/" + Schnell).GenerateImagesAsync("A lighthouse", 2, options);

        Assert.Equal(2, result.Value.Count);
        using var http = new HttpClient();
        foreach (var picture in result.Value)
        {
            Assert.Null(picture.ImageBytes);
            Assert.Equal("jpeg", Pictures.KindOf(await http.GetByteArrayAsync(picture.ImageUri)));
        }

        Assert.Equal(2, result.Value.Select(picture => picture.ImageUri).Distinct().Count());
        Assert.Equal(GeneratedImageFileFormat.Jpeg, result.Value.OutputFileFormat);
        Assert.InRange(result.Value.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal($"/v1/models/{Schnell}/predictions", stage.Create.Path);
        Assert.Equal(
            ("A lighthouse", "16:9", 2, "jpg", 60),
            (
                (string?)stage.Input["prompt"],
                (string?)stage.Input["aspect_ratio"],
                (int)stage.Input["num_outputs"]!,
                (string?)stage.Input["output_format"],
                (int)stage.Input["output_quality"]!
            )
        );
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task Pictures_come_as_bytes_when_asked(string surface)
    {
        await using var stage = await Stage.StartAsync();
        var options = new ImageGenerationOptions
        {
            ResponseFormat = GeneratedImageFormat.Bytes,
            OutputFileFormat = GeneratedImageFileFormat.Png,
        };

        var picture = (await stage.Sdk(surface).GetImageClient("replicate/" + Dev).GenerateImageAsync("A lighthouse", options)).Value;

        Assert.Null(picture.ImageUri);
        Assert.Equal("png", Pictures.KindOf(picture.ImageBytes));
        Assert.Equal((1024, 1024), Pictures.SizeOf(picture.ImageBytes.ToArray()));
        Assert.Equal($"/v1/models/{Dev}/predictions", stage.Create.Path);
    }

    [Fact]
    public async Task A_community_model_is_called_by_version_and_takes_pixels()
    {
        await using var stage = await Stage.StartAsync();
        var options = new ImageGenerationOptions { Size = new GeneratedImageSize(768, 512), ResponseFormat = GeneratedImageFormat.Bytes };

        var picture = (await stage.Sdk().GetImageClient("replicate/" + Sdxl).GenerateImageAsync("A lighthouse", options)).Value;

        Assert.Equal((768, 512), Pictures.SizeOf(picture.ImageBytes.ToArray()));
        Assert.Equal("/v1/predictions", stage.Create.Path);
        Assert.EndsWith(stage.Simulator.Models.Find(Sdxl)!.VersionId, (string?)stage.Create.Json()!["version"], StringComparison.Ordinal);
        Assert.Equal((768, 512), ((int)stage.Input["width"]!, (int)stage.Input["height"]!));
    }

    [Fact]
    public async Task More_pictures_than_a_model_makes_at_once_are_several_predictions_with_seeds_of_their_own()
    {
        await using var stage = await Stage.StartAsync();

        var pictures = (await stage.Sdk().GetImageClient("replicate/" + Schnell).GenerateImagesAsync("A lighthouse", 6)).Value;

        Assert.Equal(6, pictures.Select(picture => picture.ImageUri).Distinct().Count());
        var inputs = stage.Creates.Select(create => create.Input()!).ToList();
        Assert.Equal([2, 4], inputs.Select(input => (int)input["num_outputs"]!).Order());
        Assert.Equal(2, inputs.Select(input => (long)input["seed"]!).Distinct().Count());
    }

    [Fact]
    public async Task Quality_background_and_moderation_go_up_where_a_model_takes_them()
    {
        // This model wants a key of its own, which callers never see.
        var extras = JsonSerializer.SerializeToElement(
            new Dictionary<string, Dictionary<string, string>> { ["secrets"] = new() { ["openai_api_key"] = "sk-of-the-operator" } }
        );
        await using var stage = await Stage.StartAsync(
            null,
            new KeyConfig
            {
                Name = "main",
                Value = new Secret("r8_main"),
                Extras = extras,
            }
        );
        var options = new ImageGenerationOptions
        {
            Quality = GeneratedImageQuality.HighQuality,
            Background = GeneratedImageBackground.Transparent,
            ModerationLevel = GeneratedImageModerationLevel.Low,
            OutputFileFormat = GeneratedImageFileFormat.Png,
            Size = new GeneratedImageSize(1536, 1024),
            EndUserId = "user-1",
        };

        var pictures = await stage.Sdk().GetImageClient("replicate/openai/gpt-image-1").GenerateImagesAsync("A lighthouse", 3, options);

        Assert.Equal(3, pictures.Value.Count);
        Assert.Equal(("high", "transparent"), (pictures.Value.Quality!.Value.ToString(), pictures.Value.Background!.Value.ToString()));
        Assert.Equal("sk-of-the-operator", (string?)stage.Input["openai_api_key"]);
        Assert.Equal(3, (int)stage.Input["number_of_images"]!);
        Assert.Equal(
            ("high", "transparent", "low", "png", "3:2", "user-1"),
            (
                (string?)stage.Input["quality"],
                (string?)stage.Input["background"],
                (string?)stage.Input["moderation"],
                (string?)stage.Input["output_format"],
                (string?)stage.Input["aspect_ratio"],
                (string?)stage.Input["user_id"]
            )
        );
    }

    [Fact]
    public async Task What_a_model_cannot_take_is_dropped_and_said_so_or_refused_when_strict()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetImageClient("replicate/" + Schnell);
        var body = $$"""{"model":"replicate/{{Schnell}}","prompt":"A lighthouse","quality":"high","style":"vivid","seed":7}""";

        var result = await client.GenerateImagesAsync(Stage.Json(body));
        var refused = await Assert.ThrowsAsync<ClientResultException>(() =>
            client.GenerateImagesAsync(Stage.Json(body), Stage.With("x-bf-strict", "true"))
        );

        var dropped = Stage.HeaderOf(result, "x-bf-dropped-params")!;
        Assert.Contains("quality", dropped, StringComparison.Ordinal);
        Assert.Contains("style", dropped, StringComparison.Ordinal);
        Assert.Equal(7, (long)stage.Input["seed"]!);
        Assert.False(stage.Input.ContainsKey("quality"));
        Assert.Equal(400, refused.Status);
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_stream_gives_each_picture_as_an_event_with_its_bytes(string surface)
    {
        await using var stage = await Stage.StartAsync();

        var events = await StreamAsync(
            stage,
            surface,
            $$"""{"model":"replicate/{{Schnell}}","prompt":"A lighthouse","n":2,"output_format":"png","stream":true}"""
        );

        Assert.Equal(["image_generation.completed", "image_generation.completed"], events.Select(e => e.Type));
        Assert.All(events, e => Assert.Equal(e.Type, (string?)e.Data["type"]));
        Assert.All(events, e => Assert.Equal("png", Pictures.KindOf(Convert.FromBase64String((string)e.Data["b64_json"]!))));
        Assert.All(events, e => Assert.Equal("png", (string?)e.Data["output_format"]));
        Assert.Equal(2, (int)stage.Input["num_outputs"]!);
    }

    [Fact]
    public async Task A_model_that_shows_drafts_streams_them_before_the_picture()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Models.Add(
            SimulatorModel.From(
                "acme/drafts",
                """{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"}}}""",
                """{"type":"array","items":{"type":"string","format":"uri"},"x-cog-array-type":"iterator"}"""
            )
        );
        var drafts = Enumerable
            .Range(0, 3)
            .Select(i => "data:image/png;base64," + Convert.ToBase64String(Pictures.Png(1 + i, 1, 0, 0, 0, 255)));
        stage.Simulator.Script.Model("acme/drafts").Streams(script => script.Outputs([.. drafts]).Done());

        var events = await StreamAsync(
            stage,
            "/v1",
            """{"model":"replicate/acme/drafts","prompt":"A lighthouse","stream":true,"partial_images":2}"""
        );

        Assert.Equal(
            ["image_generation.partial_image", "image_generation.partial_image", "image_generation.completed"],
            events.Select(e => e.Type)
        );
        Assert.Equal([0, 1], events[..2].Select(e => (int)e.Data["partial_image_index"]!));
        Assert.Equal([(1, 1), (2, 1), (3, 1)], events.Select(e => Pictures.SizeOf(Convert.FromBase64String((string)e.Data["b64_json"]!))));
    }

    [Fact]
    public async Task A_filtered_picture_is_an_error_about_the_prompt()
    {
        await using var stage = await Stage.StartAsync();
        stage.Simulator.Script.Model(Schnell).Fails("NSFW content detected. Try running it again, or try a different prompt.");

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage.Sdk().GetImageClient("replicate/" + Schnell).GenerateImageAsync("…")
        );

        Assert.Equal(400, error.Status);
        Assert.Contains("NSFW", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_model_makes_no_pictures()
    {
        await using var stage = await Stage.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage.Sdk().GetImageClient("replicate/meta/meta-llama-3-8b-instruct").GenerateImageAsync("A lighthouse")
        );

        Assert.Equal(400, error.Status);
        Assert.Empty(stage.Creates);
    }

    private static async Task<List<(string Type, JsonNode Data)>> StreamAsync(Stage stage, string surface, string body)
    {
        var events = new List<(string, JsonNode)>();
        var options = new RequestOptions { BufferResponse = false };
        await foreach (
            var item in await stage.Sdk(surface).GetImageClient("unused").GenerateImagesStreamingAsync(Stage.Json(body), options)
        )
        {
            events.Add((item.EventType, JsonNode.Parse(item.Data)!));
        }

        return events;
    }
}
