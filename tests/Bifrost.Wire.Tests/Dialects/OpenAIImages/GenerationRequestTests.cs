using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.OpenAIImages;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIImages;

public sealed class GenerationRequestTests
{
    [Fact]
    public void Every_field_is_read()
    {
        var request = Read(
            """
            {"model":"m/x","prompt":"a cat","n":3,"size":"1024x1536","quality":"high","output_format":"webp","output_compression":80,
             "background":"transparent","moderation":"low","style":"vivid","user":"u1","response_format":"b64_json","stream":true,
             "partial_images":2,"seed":42,"negative_prompt":"dogs","num_inference_steps":28,"aspect_ratio":"16:9",
             "input_images":["https://example.com/a.png"],"guidance":3.5,"go_fast":true}
            """
        );

        Assert.Equal(("m/x", "a cat", 3), (request.Model, request.Prompt, request.Count));
        Assert.Equal(("1024x1536", "high", "webp", 80), (request.Size, request.Quality, request.OutputFormat, request.OutputCompression));
        Assert.Equal(("transparent", "low", "vivid", "u1"), (request.Background, request.Moderation, request.Style, request.User));
        Assert.Equal((ImageDelivery.Base64, true, 2), (request.Delivery, request.Streams, request.PartialImages));
        Assert.Equal((42L, "dogs", 28, "16:9"), (request.Seed, request.NegativePrompt, request.Steps, request.AspectRatio));
        Assert.Equal([new UrlSource("https://example.com/a.png")], request.Sources);
        Assert.Equal(["guidance", "go_fast"], request.Extensions.Fields.Select(field => field.Key));
    }

    [Fact]
    public void What_is_not_said_stays_unsaid()
    {
        var request = Read("""{"model":"m","prompt":"p","size":null,"stream":null}""");

        Assert.Equal(1, request.Count);
        Assert.Null(request.Size);
        Assert.Null(request.Delivery);
        Assert.False(request.Streams);
        Assert.Empty(request.Sources);
        Assert.Empty(request.Extensions.Fields);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("1x1")]
    [InlineData("99999x1")]
    public void Sizes_are_auto_or_pixels(string size)
    {
        Assert.Equal(size, Read($$"""{"model":"m","prompt":"p","size":"{{size}}"}""").Size);
    }

    [Theory]
    [InlineData("""{"prompt":"p"}""", "model")]
    [InlineData("""{"model":"","prompt":"p"}""", "model")]
    [InlineData("""{"model":"m"}""", "prompt")]
    [InlineData("""{"model":"m","prompt":""}""", "prompt")]
    [InlineData("""{"model":"m","prompt":5}""", "prompt")]
    [InlineData("""{"model":"m","prompt":"p","n":0}""", "n")]
    [InlineData("""{"model":"m","prompt":"p","n":11}""", "n")]
    [InlineData("""{"model":"m","prompt":"p","n":"2"}""", "n")]
    [InlineData("""{"model":"m","prompt":"p","size":"big"}""", "size")]
    [InlineData("""{"model":"m","prompt":"p","size":"0x10"}""", "size")]
    [InlineData("""{"model":"m","prompt":"p","size":"10x"}""", "size")]
    [InlineData("""{"model":"m","prompt":"p","size":"1024X1024"}""", "size")]
    [InlineData("""{"model":"m","prompt":"p","size":"100000x1"}""", "size")]
    [InlineData("""{"model":"m","prompt":"p","output_format":"gif"}""", "output_format")]
    [InlineData("""{"model":"m","prompt":"p","output_compression":101}""", "output_compression")]
    [InlineData("""{"model":"m","prompt":"p","partial_images":4}""", "partial_images")]
    [InlineData("""{"model":"m","prompt":"p","response_format":"base64"}""", "response_format")]
    [InlineData("""{"model":"m","prompt":"p","background":"blue"}""", "background")]
    [InlineData("""{"model":"m","prompt":"p","stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","prompt":"p","seed":1.5}""", "seed")]
    [InlineData("""{"model":"m","prompt":"p","input_images":[5]}""", "input_images[0]")]
    [InlineData("""{"model":"m","prompt":"p","input_images":["ftp://x/y"]}""", "input_images[0]")]
    public void A_mistake_names_its_field(string json, string param)
    {
        var fault = OpenAIImagesDialect.Instance.ReadRequest(Forms.Json(json)).Fault;

        Assert.Equal(FaultKind.InvalidRequest, fault?.Kind);
        Assert.Equal(param, fault?.Param);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var fault = OpenAIImagesDialect.Instance.ReadRequest(Forms.Json("""{"n":0,"size":"x"}""")).Fault;

        Assert.All(["`model`", "`prompt`", "`n`", "`size`"], field => Assert.Contains(field, fault!.Message, StringComparison.Ordinal));
    }

    private static ImageRequest Read(string json)
    {
        var outcome = OpenAIImagesDialect.Instance.ReadRequest(Forms.Json(json));
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }
}
