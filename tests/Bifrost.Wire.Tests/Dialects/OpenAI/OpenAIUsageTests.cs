using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.OpenAI;

namespace Bifrost.Wire.Tests.Dialects.OpenAI;

public sealed class OpenAIUsageTests
{
    [Theory]
    [InlineData("""{"id":"x","choices":[{"a":{"usage":1}}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}""")]
    [InlineData("""{"usage":{"input_tokens":3,"output_tokens":4}}""")]
    [InlineData("""{"type":"response.completed","response":{"output":[],"usage":{"input_tokens":3,"output_tokens":4}}}""")]
    [InlineData("""{"response":{"usage":null},"usage":{"input_tokens":3.0,"output_tokens":4}}""")]
    public void Usage_is_found_where_each_dialect_has_it(string payload)
    {
        Assert.True(OpenAIUsage.TryRead(Encoding.UTF8.GetBytes(payload), out var usage));
        Assert.Equal(new Usage { InputTokens = 3, OutputTokens = 4 }, usage);
    }

    [Fact]
    public void Embeddings_report_input_only()
    {
        Assert.True(OpenAIUsage.TryRead("""{"data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}"""u8, out var usage));
        Assert.Equal(new Usage { InputTokens = 8 }, usage);
    }

    [Theory]
    [InlineData(
        """{"usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":1,"audio_tokens":2,"image_tokens":3,"cache_write_tokens":4},"completion_tokens":8,"completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":6,"accepted_prediction_tokens":9}}}"""
    )]
    [InlineData(
        """{"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":1,"audio_tokens":2,"image_tokens":3,"cached_write_tokens":4},"output_tokens":8,"output_tokens_details":{"reasoning_tokens":5,"audio_tokens":6}}}"""
    )]
    public void Details_are_read_by_both_families_of_names(string payload)
    {
        Assert.True(OpenAIUsage.TryRead(Encoding.UTF8.GetBytes(payload), out var usage));
        var expected = new Usage
        {
            InputTokens = 9,
            OutputTokens = 8,
            CachedReadTokens = 1,
            AudioInputTokens = 2,
            ImageInputTokens = 3,
            CachedWriteTokens = 4,
            ReasoningTokens = 5,
            AudioOutputTokens = 6,
        };
        Assert.Equal(expected, usage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[DONE]")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":{}}""")]
    [InlineData("""{"usage":{"type":"duration","seconds":3}}""")]
    [InlineData("""{"choices":[{"message":{"content":"\"usage\""}}]}""")]
    [InlineData("""{"choices":[{"usage":{"prompt_tokens":3}}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":-3}}""")]
    [InlineData("""{"usage":{"prompt_tokens":3""")]
    [InlineData("""["usage"]""")]
    public void Nothing_is_found_where_there_is_none(string payload) =>
        Assert.False(OpenAIUsage.TryRead(Encoding.UTF8.GetBytes(payload), out _));

    [Fact]
    public void Nothing_is_allocated_when_there_is_no_usage()
    {
        var payload = """{"id":"x","choices":[{"delta":{"content":"hello"}}]}"""u8.ToArray();
        OpenAIUsage.TryRead(payload, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            OpenAIUsage.TryRead(payload, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        string[] samples =
        [
            """{"choices":[],"usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens":8}}""",
            """{"response":{"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":1}}},"usage":null}""",
        ];
        Fuzz.Run(samples, bytes => OpenAIUsage.TryRead(bytes, out _));
    }
}
