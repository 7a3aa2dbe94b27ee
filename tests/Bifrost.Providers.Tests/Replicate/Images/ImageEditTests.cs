using System.Net;
using System.Text.Json.Nodes;

namespace Bifrost.Providers.Tests.Replicate.Images;

public sealed class ImageEditTests
{
    [Fact]
    public async Task Case_47_a_small_picture_travels_inside_the_request()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/edits", Edit("replicate/black-forest-labs/flux-kontext-pro", Noise(100_000)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("data:image/png;base64,", (string?)studio.Input["input_image"]);
        Assert.Empty(studio.Simulator.RequestsTo("POST", "/v1/files"));
    }

    [Fact]
    public async Task Case_24_a_large_picture_is_uploaded_first()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/images/edits", Edit("replicate/black-forest-labs/flux-kontext-pro", Noise(300_000)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var upload = Assert.Single(studio.Simulator.RequestsTo("POST", "/v1/files"));
        Assert.True(upload.Body.Length > 300_000);
        var address = (string?)studio.Input["input_image"];
        Assert.StartsWith(studio.Simulator.BaseUrl.AbsoluteUri + "/files/", address);
    }

    [Fact]
    public async Task Case_47_two_pictures_fill_a_list()
    {
        await using var studio = await Studio.OpenAsync();
        var form = Studio
            .Form(("model", "replicate/google/nano-banana"), ("prompt", "Join them."))
            .With("image[]", Noise(100), "a.png", "image/png")
            .With("image[]", Noise(200), "b.png", "image/png");

        var answer = await studio.PostAsync("/v1/images/edits", form);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(2, studio.Input["image_input"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("black-forest-labs/flux-fill-pro", 255, 0)]
    [InlineData("ideogram-ai/ideogram-v3-turbo", 0, 255)]
    public async Task Case_47_transparent_pixels_are_the_ones_repainted(string model, byte transparent, byte opaque)
    {
        await using var studio = await Studio.OpenAsync();
        var form = Edit("replicate/" + model, Noise(100)).With("mask", HalfTransparent(), "mask.png", "image/png");

        var answer = await studio.PostAsync("/v1/images/edits", form);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var (left, right) = Ends(Decoded((string)studio.Input["mask"]!));
        Assert.Equal(transparent, left);
        Assert.Equal(opaque, right);
    }

    [Fact]
    public async Task Case_47_a_mask_for_a_model_without_masks_is_refused_when_strict()
    {
        await using var studio = await Studio.OpenAsync(client: known => known with { StrictParameters = true });
        var form = Edit("replicate/black-forest-labs/flux-kontext-pro", Noise(100))
            .With("mask", HalfTransparent(), "mask.png", "image/png");

        var answer = await studio.PostAsync("/v1/images/edits", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("mask", answer.ErrorParam);
        Assert.Empty(studio.Creates);
    }

    [Fact]
    public async Task A_mask_that_is_no_picture_is_the_callers_fault()
    {
        await using var studio = await Studio.OpenAsync();
        var form = Edit("replicate/black-forest-labs/flux-fill-pro", Noise(100)).With("mask", [1, 2, 3], "mask.png", "image/png");

        var answer = await studio.PostAsync("/v1/images/edits", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("mask", answer.ErrorParam);
        Assert.Empty(studio.Creates);
    }

    [Fact]
    public async Task A_mask_at_a_private_address_is_not_fetched()
    {
        await using var studio = await Studio.OpenAsync();
        var body = new JsonObject
        {
            ["model"] = "replicate/black-forest-labs/flux-fill-pro",
            ["prompt"] = "Fill it.",
            ["image"] = new JsonObject { ["image_url"] = "https://example.com/a.png" },
            ["mask"] = new JsonObject { ["image_url"] = "http://169.254.169.254/mask.png" },
        };

        var answer = await studio.PostAsync("/v1/images/edits", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("forbidden_address", answer.ErrorCode);
        Assert.Equal("mask", answer.ErrorParam);
    }

    [Fact]
    public async Task A_picture_at_an_address_is_not_fetched_by_us()
    {
        await using var studio = await Studio.OpenAsync();
        var body = new JsonObject
        {
            ["model"] = "replicate/black-forest-labs/flux-kontext-pro",
            ["prompt"] = "Make it red.",
            ["image"] = new JsonObject { ["image_url"] = "https://example.com/a.png" },
        };

        var answer = await studio.PostAsync("/v1/images/edits", body);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("https://example.com/a.png", (string?)studio.Input["input_image"]);
    }

    [Fact]
    public async Task An_uploaded_file_is_named_by_its_address()
    {
        await using var studio = await Studio.OpenAsync();
        var body = new JsonObject
        {
            ["model"] = "replicate/black-forest-labs/flux-kontext-pro",
            ["prompt"] = "Make it red.",
            ["image"] = new JsonObject { ["file_id"] = "file-abc123" },
        };

        var answer = await studio.PostAsync("/v1/images/edits", body);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(studio.Simulator.BaseUrl.AbsoluteUri + "/files/abc123", (string?)studio.Input["input_image"]);
    }

    [Fact]
    public async Task A_file_id_that_climbs_out_of_the_files_is_refused()
    {
        await using var studio = await Studio.OpenAsync();
        var body = new JsonObject
        {
            ["model"] = "replicate/black-forest-labs/flux-kontext-pro",
            ["prompt"] = "Make it red.",
            ["image"] = new JsonObject { ["file_id"] = "file-../account" },
        };

        var answer = await studio.PostAsync("/v1/images/edits", body);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Empty(studio.Creates);
    }

    private static MultipartFormDataContent Edit(string model, byte[] picture) =>
        Studio.Form(("model", model), ("prompt", "Make it red.")).With("image", picture, "a.png", "image/png");

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>8 by 1 pixels, gray and alpha: the left half transparent.</summary>
    private static byte[] HalfTransparent() => TinyPng.GrayAlpha([(0, 0), (0, 0), (0, 0), (0, 0), (0, 255), (0, 255), (0, 255), (0, 255)]);

    private static byte[] Decoded(string dataUrl) =>
        Convert.FromBase64String(dataUrl[(dataUrl.IndexOf(',', StringComparison.Ordinal) + 1)..]);

    private static (byte Left, byte Right) Ends(byte[] png)
    {
        var row = TinyPng.GrayRow(png);
        return (row[0], row[^1]);
    }
}
