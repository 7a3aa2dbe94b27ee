using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIImages;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIImages;

public sealed class ImageStreamTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(7);
    private static readonly ImageRequest Asked = new()
    {
        Model = "m",
        Prompt = "p",
        Size = "1024x1024",
        OutputFormat = "webp",
    };

    [Fact]
    public void A_partial_picture_is_a_named_event()
    {
        var writer = OpenAIImagesDialect.Instance.OpenWriter(Asked);

        Assert.Equal(
            "event: image_generation.partial_image\n"
                + """data: {"type":"image_generation.partial_image","b64_json":"AQ==","created_at":7,"size":"1024x1024","quality":"auto","background":"auto","output_format":"webp","partial_image_index":0}"""
                + "\n\n",
            Written(writer, new PartialPicture(0, new Picture(null, new byte[] { 1 }), Time))
        );
    }

    [Fact]
    public void A_finished_picture_carries_usage()
    {
        var writer = OpenAIImagesDialect.Instance.OpenWriter(null);

        Assert.Equal(
            "event: image_generation.completed\n"
                + """data: {"type":"image_generation.completed","url":"https://x.test/a","created_at":7,"size":"auto","quality":"auto","background":"auto","output_format":"png","usage":{"input_tokens":1,"input_tokens_details":{"image_tokens":0,"text_tokens":1},"output_tokens":2,"total_tokens":3}}"""
                + "\n\n",
            Written(
                writer,
                new PictureFinished(new Picture("https://x.test/a", null), Time, new Usage { InputTokens = 1, OutputTokens = 2 })
            )
        );
    }

    [Fact]
    public void Edits_have_names_of_their_own()
    {
        var writer = OpenAIImageEditsDialect.Instance.OpenWriter(Asked);

        Assert.StartsWith(
            "event: image_edit.partial_image\ndata: {\"type\":\"image_edit.partial_image\"",
            Written(writer, new PartialPicture(1, new Picture("https://x.test", null), Time)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "event: image_edit.completed\n",
            Written(writer, new PictureFinished(new Picture("https://x.test", null), Time, null)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_format_that_came_is_reported_over_the_one_asked_for()
    {
        var writer = OpenAIImagesDialect.Instance.OpenWriter(Asked);
        var jpeg = new PictureFinished(new Picture(null, new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }), Time, null);

        Assert.Contains("\"output_format\":\"jpeg\"", Written(writer, jpeg), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_an_error_event()
    {
        var writer = OpenAIImagesDialect.Instance.OpenWriter(Asked);
        var written = Written(writer, new PicturesFailed(new Fault(FaultKind.UpstreamError, "It broke.")));

        Assert.StartsWith("event: error\ndata: {\"error\":{\"message\":\"It broke.\"", written, StringComparison.Ordinal);
        Assert.EndsWith("}}\n\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_stream_writes_nothing()
    {
        Assert.Equal("", Forms.Written(OpenAIImagesDialect.Instance.OpenWriter(Asked).Finish));
    }

    private static string Written(IDeltaWriter<ImageDelta> writer, ImageDelta delta) =>
        Forms.Written(output => writer.Write(delta, output));
}
