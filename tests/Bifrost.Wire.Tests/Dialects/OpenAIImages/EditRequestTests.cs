using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIImages;

namespace Bifrost.Wire.Tests.Dialects.OpenAIImages;

public sealed class EditRequestTests
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1];

    [Fact]
    public void A_form_as_the_JavaScript_sdk_sends_it_is_read()
    {
        var request = Read(
            Forms.Raw(
                """
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="model"

                gpt-image-1
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="image[]"; filename="one.png"
                Content-Type: image/png

                first
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="image[]"; filename="two.jpg"
                Content-Type: image/jpeg

                second
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="mask"; filename="mask.png"
                Content-Type: image/png

                hole
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="prompt"

                2024
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="n"

                2
                ------formdata-undici-051234567890
                Content-Disposition: form-data; name="stream"

                true
                ------formdata-undici-051234567890--

                """,
                "multipart/form-data; boundary=----formdata-undici-051234567890"
            )
        );

        Assert.Equal(("gpt-image-1", "2024", 2, true), (request.Model, request.Prompt, request.Count, request.Streams));
        AssertInline(request.Sources[0], "first", "image/png", "one.png");
        AssertInline(request.Sources[1], "second", "image/jpeg", "two.jpg");
        AssertInline(request.Mask, "hole", "image/png", "mask.png");
    }

    [Fact]
    public void A_form_as_the_dotnet_sdk_sends_it_is_read()
    {
        var request = Read(
            Forms.Raw(
                """
                --abcDEF0123
                Content-Type: image/png
                Content-Disposition: form-data; name=image; filename=cat.png; filename*=utf-8''cat.png

                pixels
                --abcDEF0123
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name=prompt

                a hat
                --abcDEF0123
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name=model

                gpt-image-1
                --abcDEF0123
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name=response_format

                b64_json
                --abcDEF0123--

                """,
                "multipart/form-data; boundary=\"abcDEF0123\""
            )
        );

        Assert.Equal(("a hat", ImageDelivery.Base64), (request.Prompt, request.Delivery));
        AssertInline(Assert.Single(request.Sources), "pixels", "image/png", "cat.png");
    }

    [Fact]
    public void Every_text_field_of_a_form_is_read()
    {
        var request = Read(
            Forms.WithFile(
                "image",
                "a.png",
                "image/png",
                Png,
                ("model", "m"),
                ("prompt", "p"),
                ("n", "4"),
                ("size", "auto"),
                ("quality", "low"),
                ("output_format", "jpeg"),
                ("output_compression", "50"),
                ("background", "opaque"),
                ("input_fidelity", "high"),
                ("user", "7"),
                ("partial_images", "1"),
                ("seed", "9"),
                ("negative_prompt", "12"),
                ("num_inference_steps", "20"),
                ("aspect_ratio", "1:1"),
                ("response_format", "url"),
                ("guidance", "2.5"),
                ("enhance", "false"),
                ("lora", """{"scale":1}"""),
                ("scheduler", "K_EULER")
            )
        );

        Assert.Equal(
            (4, "auto", "low", "jpeg", 50),
            (request.Count, request.Size, request.Quality, request.OutputFormat, request.OutputCompression)
        );
        Assert.Equal(("opaque", "high", "7", 1), (request.Background, request.InputFidelity, request.User, request.PartialImages));
        Assert.Equal((9L, "12", 20, "1:1"), (request.Seed, request.NegativePrompt, request.Steps, request.AspectRatio));
        Assert.Equal(ImageDelivery.Url, request.Delivery);
        Assert.Equal(["guidance", "enhance", "lora", "scheduler"], request.Extensions.Fields.Select(field => field.Key));
        Assert.Equal(
            [JsonValueKind.Number, JsonValueKind.False, JsonValueKind.Object, JsonValueKind.String],
            request.Extensions.Fields.Select(field => field.Value.ValueKind)
        );
    }

    [Fact]
    public void A_file_without_a_telling_type_is_told_by_its_bytes()
    {
        var request = Read(Forms.WithFile("image", "upload", "application/octet-stream", Png, ("model", "m"), ("prompt", "p")));

        Assert.Equal("image/png", ((InlineSource)request.Sources[0]).MediaType);
    }

    [Fact]
    public void A_form_may_name_pictures_by_address()
    {
        var request = Read(
            Forms.Of(("model", "m"), ("prompt", "p"), ("image[]", "https://x.test/a"), ("image[]", "data:image/png;base64,AQI="))
        );

        Assert.Equal(new UrlSource("https://x.test/a"), request.Sources[0]);
        Assert.Equal([1, 2], ((InlineSource)request.Sources[1]).Bytes.ToArray());
    }

    [Theory]
    [InlineData("\"https://x.test/a\"")]
    [InlineData("[\"https://x.test/a\"]")]
    [InlineData("{\"image_url\":\"https://x.test/a\"}")]
    [InlineData("[{\"image_url\":\"https://x.test/a\"}]")]
    [InlineData("{\"image_url\":{\"url\":\"https://x.test/a\"}}")]
    public void Json_pictures_by_address_come_in_every_shape(string value)
    {
        foreach (var name in (string[])["image", "images", "input_images"])
        {
            var request = Read(Forms.Json($$"""{"model":"m","prompt":"p","{{name}}":{{value}} }"""));

            Assert.Equal([new UrlSource("https://x.test/a")], request.Sources);
        }
    }

    [Fact]
    public void Json_pictures_may_be_inline_or_uploaded_before()
    {
        var request = Read(
            Forms.Json(
                $$"""
                {"model":"m","prompt":"p","images":[{"file_id":"file-1"},"data:image/webp;base64,AQI=","{{Convert.ToBase64String(Png)}}"],
                 "mask":{"image_url":"data:image/png;base64,AQ=="} }
                """
            )
        );

        Assert.Equal(new FileIdSource("file-1"), request.Sources[0]);
        Assert.Equal("image/webp", ((InlineSource)request.Sources[1]).MediaType);
        Assert.Equal(Png, ((InlineSource)request.Sources[2]).Bytes.ToArray());
        Assert.Equal([1], ((InlineSource)request.Mask!).Bytes.ToArray());
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":"p"}""", "image")]
    [InlineData("""{"model":"m","prompt":"p","image":[]}""", "image")]
    [InlineData("""{"model":"m","prompt":"p","image":"nonsense"}""", "image")]
    [InlineData("""{"model":"m","prompt":"p","image":"data:image/png;base64,%%%"}""", "image")]
    [InlineData("""{"model":"m","prompt":"p","image":"data:image/png;base64,"}""", "image")]
    [InlineData("""{"model":"m","prompt":"p","images":[{"image_url":"file:///etc/passwd"}]}""", "images[0].image_url")]
    [InlineData("""{"model":"m","prompt":"p","images":[{"image_url":{"url":"gopher://x"}}]}""", "images[0].image_url.url")]
    [InlineData("""{"model":"m","prompt":"p","images":[{}]}""", "images[0]")]
    [InlineData("""{"model":"m","prompt":"p","image":"https://x.test/a","mask":7}""", "mask")]
    [InlineData("""{"model":"m","prompt":"p","image":"https://x.test/a","input_fidelity":"medium"}""", "input_fidelity")]
    [InlineData("""{"model":"m","image":"https://x.test/a"}""", "prompt")]
    public void Json_mistakes_name_their_field(string json, string param)
    {
        Assert.Equal(param, OpenAIImageEditsDialect.Instance.ReadRequest(Forms.Json(json)).Fault?.Param);
    }

    [Fact]
    public void Form_mistakes_name_their_field()
    {
        Assert.Equal("model", Fault(Forms.WithFile("image", "a", "image/png", Png, ("model", "a"), ("model", "b"), ("prompt", "p"))));
        Assert.Equal("n", Fault(Forms.WithFile("image", "a", "image/png", Png, ("model", "a"), ("prompt", "p"), ("n", "many"))));
        Assert.Equal("image", Fault(Forms.WithFile("image", "a", "image/png", [], ("model", "a"), ("prompt", "p"))));
        Assert.Equal("picture", Fault(Forms.WithFile("picture", "a", "image/png", Png, ("model", "a"), ("prompt", "p"))));
    }

    [Fact]
    public void More_than_sixteen_pictures_are_refused()
    {
        var files = Enumerable.Repeat(("image[]", "a.png", "image/png", Png), 17).ToArray();

        Assert.Equal("image", Fault(Forms.WithFiles(files, ("model", "m"), ("prompt", "p"))));
    }

    private static string? Fault(RequestBytes body) => OpenAIImageEditsDialect.Instance.ReadRequest(body).Fault?.Param;

    private static ImageRequest Read(RequestBytes body)
    {
        var outcome = OpenAIImageEditsDialect.Instance.ReadRequest(body);
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }

    private static void AssertInline(MediaSource? source, string content, string type, string fileName)
    {
        var inline = Assert.IsType<InlineSource>(source);
        Assert.Equal(content, System.Text.Encoding.UTF8.GetString(inline.Bytes.Span));
        Assert.Equal((type, fileName), (inline.MediaType, inline.FileName));
    }
}
