using System.Text;
using Bifrost.Wire.Dialects.OpenAIChat;

namespace Bifrost.Wire.Tests.Dialects.OpenAI;

public sealed class OpenAITextTests
{
    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":"four"}}]}""", 4)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"\u4f60\n"}}]}""", 4)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"\ud83d"}}]}""", 6)]
    [InlineData("""{"choices":[{"delta":{"reasoning_content":"abc","content":null}},{"delta":{"refusal":"no"}}]}""", 5)]
    [InlineData(
        """{"choices":[{"delta":{"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}""",
        3
    )]
    [InlineData("""{"choices":[{"text":"four","logprobs":{"tokens":["four"]}}]}""", 4)]
    [InlineData("""{"choices":[{"delta":{"content":"four"},"logprobs":{"content":[{"token":"four"}]}}]}""", 4)]
    [InlineData("""{"type":"response.output_text.delta","delta":"four"}""", 4)]
    [InlineData("""{"type":"response.output_text.done","text":"four"}""", 0)]
    [InlineData("""{"type":"response.completed","response":{"output":[{"content":[{"text":"four"}]}]}}""", 0)]
    [InlineData("[DONE]", 0)]
    [InlineData("""{"choices":[{"delta":{"content":"fo""", 0)]
    [InlineData("", 0)]
    public void Generated_text_is_counted_once(string payload, long expected) =>
        Assert.Equal(expected, ((Wire.Dialects.IDialect)OpenAIChatDialect.Instance).CountText(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void Nothing_is_thrown_whatever_the_bytes() =>
        Fuzz.Run(
            ["""{"choices":[{"index":0,"delta":{"content":"a\u00e9","tool_calls":[{"function":{"arguments":"{}"}}]}}],"delta":"x"}"""],
            bytes => OpenAIChatDialect.Instance.CountText(bytes)
        );
}
