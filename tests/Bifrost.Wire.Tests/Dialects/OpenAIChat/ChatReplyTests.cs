using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIChat;

public sealed class ChatReplyTests
{
    private static readonly Reply Simple = new()
    {
        Id = "p1",
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1700000000),
        Model = "a/b",
        Choices = [new Choice(0, [new TextBlock("Hi <b>é</b>")], FinishReason.Stop)],
        Usage = new Usage
        {
            InputTokens = 3,
            OutputTokens = 4,
            CachedReadTokens = 1,
        },
    };

    private static string Write(Reply reply) => Written.Text(output => OpenAIChatDialect.Instance.WriteReply(reply, null, output));

    private static Outcome<Reply> Read(string json) => OpenAIChatDialect.Instance.ReadReply(Encoding.UTF8.GetBytes(json), "a/b");

    private static Reply Good(string json)
    {
        Assert.False(Read(json).Failed(out var fault, out var reply), fault?.Message);
        return reply!;
    }

    [Fact]
    public void A_reply_is_a_chat_completion() =>
        Assert.Equal(
            """{"id":"chatcmpl-p1","object":"chat.completion","created":1700000000,"model":"a/b","choices":[{"index":0,"message":{"role":"assistant","content":"Hi <b>é</b>","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"prompt_tokens_details":{"cached_tokens":1,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}}""",
            Write(Simple)
        );

    [Fact]
    public void Unknown_usage_is_absent() => Assert.DoesNotContain("usage", Write(Simple with { Usage = null }), StringComparison.Ordinal);

    [Fact]
    public void A_prefix_is_not_doubled() =>
        Assert.StartsWith("{\"id\":\"chatcmpl-p1\"", Write(Simple with { Id = "chatcmpl-p1" }), StringComparison.Ordinal);

    [Fact]
    public void Calls_leave_the_content_null()
    {
        var choice = new Choice(1, [new ReasoningBlock("r"), new ToolCallBlock("c", "f", "{\"a\":1}")], FinishReason.ToolCalls);
        var json = Write(Simple with { Choices = [choice] });
        Assert.Contains(
            """{"index":1,"message":{"role":"assistant","content":null,"reasoning_content":"r","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"refusal":null},"logprobs":null,"finish_reason":"tool_calls"}""",
            json,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("function_call", FinishReason.ToolCalls)]
    [InlineData("eos_token", FinishReason.Stop)]
    public void Finish_reasons_are_read(string word, FinishReason reason)
    {
        var json = $$"""{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":"{{word}}"}]}""";
        Assert.Equal(reason, Good(json).Choices[0].Finish);
    }

    [Fact]
    public void Answers_of_lookalikes_are_read()
    {
        var reply = Good(
            """{"id":"x","created":1.7e9,"choices":[{"message":{"reasoning":"r","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"tool_calls":[{"id":"c","function":{"name":"f","arguments":{"k":1}}}]}}]}"""
        );
        Assert.Equal(1700000000, reply.CreatedAt.ToUnixTimeSeconds());
        Assert.Equal([new ReasoningBlock("r"), new TextBlock("ab"), new ToolCallBlock("c", "f", "{\"k\":1}")], reply.Choices[0].Blocks);
        Assert.Null(reply.Usage);
    }

    [Fact]
    public void Half_an_emoji_does_not_cost_the_answer() =>
        Assert.Equal(new TextBlock("a\uFFFD"), Good("""{"choices":[{"message":{"content":"a\ud83d"}}]}""").Choices[0].Blocks[0]);

    [Theory]
    [InlineData("<html>", FaultKind.UpstreamInvalid)]
    [InlineData("[]", FaultKind.UpstreamInvalid)]
    [InlineData("{}", FaultKind.UpstreamInvalid)]
    [InlineData("""{"error":{"message":"full","code":"rate_limit_exceeded"}}""", FaultKind.UpstreamRateLimited)]
    [InlineData("""{"error":{"message":"no","type":"invalid_request_error","code":"odd"}}""", FaultKind.UpstreamRejected)]
    [InlineData("""{"error":{"message":"boom","code":500}}""", FaultKind.UpstreamError)]
    public void What_is_no_answer_is_a_fault(string json, FaultKind kind)
    {
        Assert.True(Read(json).Failed(out var fault, out _));
        Assert.Equal(kind, fault.Kind);
    }
}
