using System.Text;
using Bifrost.Core.Deliver;
using Bifrost.Wire.Dialects.OpenAIChat;
using CsCheck;

namespace Bifrost.Core.Tests.Deliver;

public sealed class UsageTapTests
{
    private const string Stream =
        "data: {\"choices\":[{\"delta\":{\"content\":\"the word \\\"usage\\\" says nothing\"}}],\"usage\":null}\n\n"
        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":8}}\r\n\r\n"
        + "data: [DONE]\n\n";

    [Fact]
    public void However_a_stream_is_cut_the_usage_is_the_same()
    {
        var bytes = Encoding.UTF8.GetBytes(Stream);
        Gen.Int[0, bytes.Length]
            .Array[0, 12]
            .Sample(
                cuts =>
                {
                    using var tap = UsageTap.For(OpenAIChatDialect.Instance, eventStream: true);
                    var at = 0;
                    foreach (var cut in cuts.Order().Append(bytes.Length))
                    {
                        tap.See(bytes.AsSpan(at, cut - at));
                        at = cut;
                    }

                    tap.End();
                    Assert.Equal((5, 3), (tap.Usage!.InputTokens, tap.Usage.OutputTokens));
                },
                iter: 5000
            );
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40_000)]
    [InlineData(400_000)]
    public void The_usage_at_the_end_of_a_long_answer_is_found(int content)
    {
        var json =
            $$$"""{"choices":[{"message":{"content":"{{{new string('x', content)}}} \"usage\" "}}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8},"system_fingerprint":null}""";
        foreach (var chunk in (int[])[1000, 4096, 70_000, 1_000_000])
        {
            using var tap = UsageTap.For(OpenAIChatDialect.Instance, eventStream: false);
            foreach (var piece in Encoding.UTF8.GetBytes(json).Chunk(chunk))
            {
                tap.See(piece);
            }

            tap.End();
            Assert.Equal(8, tap.Usage?.TotalTokens);
        }
    }

    [Fact]
    public void An_answer_without_usage_has_none()
    {
        using var tap = UsageTap.For(OpenAIChatDialect.Instance, eventStream: false);
        tap.See("{\"error\":\"no\"}"u8);
        tap.End();
        Assert.Null(tap.Usage);
    }
}
