using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI.Images;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class ImageEditTests
{
    private static readonly byte[] Red = Pictures.Png(2, 1, 255, 0, 0, 255);
    private static readonly byte[] Blue = Pictures.Png(2, 1, 0, 0, 255, 255);

    // Opaque on the left, transparent on the right: OpenAI repaints what is transparent.
    private static readonly byte[] RightHalf = Pictures.Png(2, 1, 9, 9, 9, 255, 9, 9, 9, 0);

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_picture_is_edited(string surface)
    {
        await using var stage = await Stage.StartAsync();
        var options = new ImageEditOptions { ResponseFormat = GeneratedImageFormat.Bytes, OutputFileFormat = GeneratedImageFileFormat.Png };

        var edited = (
            await stage
                .Sdk(surface)
                .GetImageClient("replicate/black-forest-labs/flux-dev")
                .GenerateImageEditAsync(new MemoryStream(Red), "red.png", "Make it rain", options)
        ).Value;

        Assert.Equal("png", Pictures.KindOf(edited.ImageBytes));
        Assert.Equal("/v1/models/black-forest-labs/flux-dev/predictions", stage.Create.Path);
        Assert.Equal("Make it rain", (string?)stage.Input["prompt"]);
        Assert.Equal(DataUrl(Red), (string?)stage.Input["image"]);
        Assert.Equal("png", (string?)stage.Input["output_format"]);
    }

    [Theory]
    [InlineData("stability-ai/sdxl", 0, 255)]
    [InlineData("ideogram-ai/ideogram-v3-turbo", 255, 0)]
    public async Task A_transparent_mask_becomes_the_black_and_white_one_that_the_model_wants(string model, int kept, int repainted)
    {
        await using var stage = await Stage.StartAsync();

        await stage
            .Sdk()
            .GetImageClient("replicate/" + model)
            .GenerateImageEditAsync(new MemoryStream(Red), "red.png", "Make it rain", new MemoryStream(RightHalf), "mask.png");

        Assert.Equal(DataUrl(Red), (string?)stage.Input["image"]);
        Assert.Equal([(byte)kept, (byte)repainted], Pictures.LightnessOf((string)stage.Input["mask"]!));
    }

    [Fact]
    public async Task A_model_without_a_mask_refuses_one()
    {
        await using var stage = await Stage.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage
                .Sdk()
                .GetImageClient("replicate/black-forest-labs/flux-dev")
                .GenerateImageEditAsync(new MemoryStream(Red), "red.png", "Make it rain", new MemoryStream(RightHalf), "mask.png")
        );

        Assert.Equal(400, error.Status);
        Assert.Contains("mask", error.Message, StringComparison.Ordinal);
        Assert.Empty(stage.Creates);
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task Several_pictures_go_up_together_from_a_form(string surface)
    {
        await using var stage = await Stage.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("replicate/google/nano-banana"), "model" },
            { new StringContent("Put them side by side"), "prompt" },
            { new StringContent("url"), "response_format" },
            {
                new ByteArrayContent(Red) { Headers = { ContentType = new("image/png") } },
                "image[]",
                "red.png"
            },
            {
                new ByteArrayContent(Blue) { Headers = { ContentType = new("image/png") } },
                "image[]",
                "blue.png"
            },
        };

        var result = await SendAsync(stage, surface, form);

        Assert.True(
            Uri.IsWellFormedUriString(Stage.JsonOf(result).GetProperty("data")[0].GetProperty("url").GetString(), UriKind.Absolute)
        );
        Assert.Equal([DataUrl(Red), DataUrl(Blue)], stage.Input["image_input"]!.AsArray().Select(image => (string?)image));
        Assert.Equal("match_input_image", (string?)stage.Input["aspect_ratio"]);
    }

    [Fact]
    public async Task Several_pictures_go_up_together_from_json()
    {
        await using var stage = await Stage.StartAsync();
        var body = new JsonObject
        {
            ["model"] = "replicate/google/nano-banana",
            ["prompt"] = "Put them side by side",
            ["images"] = new JsonArray(
                new JsonObject { ["image_url"] = DataUrl(Red) },
                new JsonObject { ["image_url"] = "https://pictures.example/blue.png" }
            ),
        };

        await stage.Sdk().GetImageClient("unused").GenerateImageEditsAsync(Stage.Json(body.ToJsonString()), "application/json");

        Assert.Equal(
            [DataUrl(Red), "https://pictures.example/blue.png"],
            stage.Input["image_input"]!.AsArray().Select(image => (string?)image)
        );
    }

    [Fact]
    public async Task A_mask_in_json_is_converted_too()
    {
        await using var stage = await Stage.StartAsync();
        var body = new JsonObject
        {
            ["model"] = "replicate/stability-ai/sdxl",
            ["prompt"] = "Make it rain",
            ["image"] = DataUrl(Red),
            ["mask"] = DataUrl(RightHalf),
        };

        await stage.Sdk().GetImageClient("unused").GenerateImageEditsAsync(Stage.Json(body.ToJsonString()), "application/json");

        Assert.Equal([0, 255], Pictures.LightnessOf((string)stage.Input["mask"]!));
    }

    [Fact]
    public async Task A_large_picture_is_uploaded_to_the_account_first()
    {
        await using var stage = await Stage.StartAsync();
        // Noise, so that it stays large.
        var pixels = new byte[4 * 320 * 320];
        new Random(1).NextBytes(pixels);
        var large = Pictures.Png(320, 320, pixels);
        Assert.True(large.Length > 256 * 1024);

        await stage
            .Sdk()
            .GetImageClient("replicate/black-forest-labs/flux-dev")
            .GenerateImageEditAsync(new MemoryStream(large), "noise.png", "Make it rain");

        var upload = Assert.Single(stage.Simulator.RequestsTo("POST", "/v1/files"));
        Assert.True(upload.Body.Span.IndexOf(large) > 0, "The upload does not hold the picture.");
        Assert.StartsWith(stage.Simulator.BaseUrl + "/files/", (string?)stage.Input["image"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_is_streamed()
    {
        await using var stage = await Stage.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("replicate/google/nano-banana"), "model" },
            { new StringContent("Make it rain"), "prompt" },
            { new StringContent("true"), "stream" },
            {
                new ByteArrayContent(Red) { Headers = { ContentType = new("image/png") } },
                "image",
                "red.png"
            },
        };
        var events = new List<(string Type, JsonNode Data)>();
        var content = BinaryContent.Create(BinaryData.FromBytes(await form.ReadAsByteArrayAsync()));
        await foreach (
            var item in await stage
                .Sdk()
                .GetImageClient("unused")
                .GenerateImageEditsStreamingAsync(
                    content,
                    form.Headers.ContentType!.ToString(),
                    new RequestOptions { BufferResponse = false }
                )
        )
        {
            events.Add((item.EventType, JsonNode.Parse(item.Data)!));
        }

        var (type, data) = Assert.Single(events);
        Assert.Equal("image_edit.completed", type);
        Assert.NotEqual("unknown", Pictures.KindOf(Convert.FromBase64String((string)data["b64_json"]!)));
    }

    private static async Task<ClientResult> SendAsync(Stage stage, string surface, MultipartFormDataContent form) =>
        await stage
            .Sdk(surface)
            .GetImageClient("unused")
            .GenerateImageEditsAsync(
                BinaryContent.Create(BinaryData.FromBytes(await form.ReadAsByteArrayAsync())),
                form.Headers.ContentType!.ToString()
            );

    private static string DataUrl(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);
}
