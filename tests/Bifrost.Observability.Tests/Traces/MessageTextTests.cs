using System.Text;
using Bifrost.Observability.Traces;

namespace Bifrost.Observability.Tests.Traces;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData(
        """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}""",
        """[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:…"}}]}]}""",
        """[{"role":"user","parts":[{"type":"text","content":"See"},{"type":"image_url"}]}]"""
    )]
    [InlineData("""{"prompt":"a lighthouse"}""", """[{"role":"user","parts":[{"type":"text","content":"a lighthouse"}]}]""")]
    [InlineData(
        """{"input":"Hi","instructions":"Be brief."}""",
        """[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
    )]
    [InlineData(
        """{"messages":"not a list of messages but a text"}""",
        """[{"role":"user","parts":[{"type":"text","content":"not a list of messages but a text"}]}]"""
    )]
    [InlineData("""{"size":"1024x1024"}""", null)]
    [InlineData("""{"input":[1,2,3]}""", null)]
    [InlineData("""{"messages":[{"role":"user","content":"cut o""", null)]
    public void What_was_asked_is_written_as_messages(string body, string? messages) =>
        Assert.Equal(messages, MessageText.OfRequest(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData(
        """{"choices":[{"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""",
        """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]"""
    )]
    [InlineData(
        """{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
        """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":"{}"}],"finish_reason":"tool_calls"}]"""
    )]
    [InlineData(
        """{"choices":[{"text":"Hi","finish_reason":"length"}]}""",
        """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"length"}]"""
    )]
    [InlineData(
        """{"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}]}""",
        """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}]"""
    )]
    [InlineData("Text of a stream", """[{"role":"assistant","parts":[{"type":"text","content":"Text of a stream"}]}]""")]
    [InlineData("""{"data":[{"b64_json":"[base64, 3 bytes]"}]}""", null)]
    public void What_was_answered_is_written_as_messages(string body, string? messages) =>
        Assert.Equal(messages, MessageText.OfAnswer(Encoding.UTF8.GetBytes(body)));
}
