using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.OpenAIImages;

namespace Bifrost.Wire.Tests.Dialects.OpenAIImages;

public sealed class ImageReplyTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void A_reply_with_addresses_has_nothing_but_what_is_known()
    {
        var reply = new ImageReply { CreatedAt = Time, Pictures = [new Picture("https://x.test/a.png?b=1&c=2", null)] };

        Assert.Equal("""{"created":1700000000,"data":[{"url":"https://x.test/a.png?b=1&c=2"}]}""", Written(reply));
    }

    [Fact]
    public void A_reply_with_everything_is_written_in_published_words()
    {
        var reply = new ImageReply
        {
            CreatedAt = Time,
            Pictures = [new Picture(null, new byte[] { 0xFB, 0xFF, 0xFE }, "a größer cat"), new Picture(null, new byte[] { 1 })],
            Background = "opaque",
            OutputFormat = "png",
            Quality = "high",
            Size = "1024x1024",
            Usage = new Usage
            {
                InputTokens = 50,
                ImageInputTokens = 40,
                OutputTokens = 100,
            },
        };

        Assert.Equal(
            """{"created":1700000000,"data":[{"b64_json":"+//+","revised_prompt":"a größer cat"},{"b64_json":"AQ=="}],"background":"opaque","output_format":"png","quality":"high","size":"1024x1024","usage":{"input_tokens":50,"input_tokens_details":{"image_tokens":40,"text_tokens":10},"output_tokens":100,"total_tokens":150}}""",
            Written(reply)
        );
    }

    [Fact]
    public void Usage_without_tokens_is_left_out()
    {
        var reply = new ImageReply
        {
            CreatedAt = Time,
            Pictures = [],
            Usage = new Usage { ComputeSeconds = 2, Images = 1 },
        };

        Assert.Equal("""{"created":1700000000,"data":[]}""", Written(reply));
    }

    [Fact]
    public void Usage_is_found_again_in_what_was_written()
    {
        var reply = new ImageReply
        {
            CreatedAt = Time,
            Pictures = [new Picture("https://x.test", null), new Picture("https://x.test", null)],
            Usage = new Usage
            {
                InputTokens = 5,
                ImageInputTokens = 4,
                OutputTokens = 6,
            },
        };

        Assert.True(OpenAIImagesDialect.Instance.TryReadUsage(Encoding.UTF8.GetBytes(Written(reply)), out var usage));
        Assert.Equal(reply.Usage with { Images = 2 }, usage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"data\":5}")]
    [InlineData("{\"data\":[")]
    [InlineData("{\"type\":5,\"data\":[7]}")]
    [InlineData("{\"type\":\"image_generation.partial_image\"}")]
    public void Usage_is_not_found_where_there_is_none(string payload)
    {
        Assert.False(OpenAIImagesDialect.Instance.TryReadUsage(Encoding.UTF8.GetBytes(payload), out _));
    }

    [Fact]
    public void A_completed_event_counts_one_picture()
    {
        Assert.True(
            OpenAIImageEditsDialect.Instance.TryReadUsage("""{"type":"image_edit.completed","b64_json":"AQ=="}"""u8, out var usage)
        );
        Assert.Equal(1, usage.Images);
    }

    private static string Written(ImageReply reply) =>
        Forms.Written(output => OpenAIImagesDialect.Instance.WriteReply(reply, null, output));
}
