using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIVideos;

namespace Bifrost.Wire.Tests.Dialects.OpenAIVideos;

public sealed class VideoRequestTests
{
    [Fact]
    public void Every_json_field_is_read()
    {
        var request = Read(
            Forms.Json(
                """
                {"model":"m","prompt":"p","seconds":"8","size":"1280x720","input_reference":"https://x.test/a.png","video_uri":"https://x.test/v.mp4",
                 "audio":true,"seed":5,"negative_prompt":"rain","user":"u","fps":24}
                """
            )
        );

        Assert.Equal(("m", "p", 8, "1280x720"), (request.Model, request.Prompt, request.Seconds, request.Size));
        Assert.Equal(new UrlSource("https://x.test/a.png"), request.Reference);
        Assert.Equal(("https://x.test/v.mp4", true, 5L), (request.VideoUri, request.Audio, request.Seed));
        Assert.Equal(("rain", "u"), (request.NegativePrompt, request.User));
        Assert.Equal(24, Assert.Single(request.Extensions.Fields).Value.GetInt32());
    }

    [Fact]
    public void A_form_as_the_sdks_send_it_is_read()
    {
        var request = Read(
            Forms.WithFile(
                "input_reference",
                "first.jpeg",
                "image/jpeg",
                [1, 2, 3],
                ("model", "sora-2"),
                ("prompt", "2001"),
                ("seconds", "4"),
                ("size", "720x1280"),
                ("seed", "11"),
                ("audio", "false"),
                ("fps", "24")
            )
        );

        Assert.Equal(("sora-2", "2001", 4, "720x1280"), (request.Model, request.Prompt, request.Seconds, request.Size));
        Assert.Equal((11L, false), (request.Seed, request.Audio));
        var reference = Assert.IsType<InlineSource>(request.Reference);
        Assert.Equal([1, 2, 3], reference.Bytes.ToArray());
        Assert.Equal(("image/jpeg", "first.jpeg"), (reference.MediaType, reference.FileName));
        Assert.Equal(24, Assert.Single(request.Extensions.Fields).Value.GetInt32());
    }

    [Fact]
    public void A_form_without_files_is_read()
    {
        Assert.Equal("p", Read(Forms.Of(("model", "m"), ("prompt", "p"))).Prompt);
    }

    [Theory]
    [InlineData("input_reference[image_url]", "https://x.test/a")]
    [InlineData("input_reference", "https://x.test/a")]
    public void A_form_may_name_its_reference_by_address(string name, string value)
    {
        Assert.Equal(new UrlSource("https://x.test/a"), Read(Forms.Of(("model", "m"), ("prompt", "p"), (name, value))).Reference);
    }

    [Theory]
    [InlineData("{\"image_url\":\"https://x.test/a\"}")]
    [InlineData("{\"image_url\":{\"url\":\"https://x.test/a\"}}")]
    public void A_json_reference_may_be_an_object(string value)
    {
        Assert.Equal(
            new UrlSource("https://x.test/a"),
            Read(Forms.Json($$"""{"model":"m","prompt":"p","input_reference":{{value}} }""")).Reference
        );
    }

    [Fact]
    public void A_reference_may_be_an_uploaded_file()
    {
        Assert.Equal(
            new FileIdSource("file-9"),
            Read(Forms.Json("""{"model":"m","prompt":"p","input_reference":{"file_id":"file-9"}}""")).Reference
        );
    }

    [Theory]
    [InlineData("8", 8)]
    [InlineData("8.0", 8)]
    [InlineData("\"12\"", 12)]
    public void Seconds_are_a_string_or_a_number(string json, int seconds)
    {
        Assert.Equal(seconds, Read(Forms.Json($$"""{"model":"m","prompt":"p","seconds":{{json}} }""")).Seconds);
    }

    [Theory]
    [InlineData("""{"prompt":"p"}""", "model")]
    [InlineData("""{"model":"m"}""", "prompt")]
    [InlineData("""{"model":"m","prompt":"p","seconds":"eight"}""", "seconds")]
    [InlineData("""{"model":"m","prompt":"p","seconds":"-1"}""", "seconds")]
    [InlineData("""{"model":"m","prompt":"p","seconds":0}""", "seconds")]
    [InlineData("""{"model":"m","prompt":"p","seconds":true}""", "seconds")]
    [InlineData("""{"model":"m","prompt":"p","size":"auto"}""", "size")]
    [InlineData("""{"model":"m","prompt":"p","input_reference":7}""", "input_reference")]
    [InlineData("""{"model":"m","prompt":"p","audio":"loud"}""", "audio")]
    public void A_mistake_names_its_field(string json, string param)
    {
        Assert.Equal(param, OpenAIVideosDialect.Instance.ReadRequest(Forms.Json(json)).Fault?.Param);
    }

    [Fact]
    public void An_unexpected_or_empty_file_is_a_mistake()
    {
        RequestBytes With(string name, byte[] content) => Forms.WithFile(name, "a", "video/mp4", content, ("model", "m"), ("prompt", "p"));

        Assert.Equal("clip", OpenAIVideosDialect.Instance.ReadRequest(With("clip", [1])).Fault?.Param);
        Assert.Equal("input_reference", OpenAIVideosDialect.Instance.ReadRequest(With("input_reference", [])).Fault?.Param);
    }

    [Fact]
    public void A_remix_needs_a_prompt_in_json_or_form()
    {
        var dialect = OpenAIVideoRemixDialect.Instance;

        Assert.Equal("again", dialect.ReadRequest(Forms.Json("""{"prompt":"again"}""")).Value?.Prompt);
        Assert.Equal("123", dialect.ReadRequest(Forms.Of(("prompt", "123"))).Value?.Prompt);
        Assert.Equal("prompt", dialect.ReadRequest(Forms.Json("{}")).Fault?.Param);
    }

    private static VideoRequest Read(RequestBytes body)
    {
        var outcome = OpenAIVideosDialect.Instance.ReadRequest(body);
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }
}
