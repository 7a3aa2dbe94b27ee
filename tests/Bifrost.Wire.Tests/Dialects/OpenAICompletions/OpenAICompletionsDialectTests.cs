using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Dialects.OpenAICompletions;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAICompletions;

public sealed class OpenAICompletionsDialectTests
{
    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1700000000);

    private static Prompt Read(string json)
    {
        Assert.False(
            OpenAICompletionsDialect.Instance.ReadRequest(Written.Request(json)).Failed(out var fault, out var prompt),
            fault?.Message
        );
        return prompt!;
    }

    private static Fault Refused(string members)
    {
        var request = Written.Request($$"""{"model":"m",{{members}}}""");
        Assert.True(OpenAICompletionsDialect.Instance.ReadRequest(request).Failed(out var fault, out _));
        return fault;
    }

    [Fact]
    public void All_members_are_read()
    {
        var prompt = Read(
            """{"model":"m","prompt":["a","b"],"n":2,"best_of":3,"echo":true,"suffix":"s","logprobs":5,"max_tokens":0,"stop":"x","stream":true,"stream_options":{"include_usage":true},"user":"u","logit_bias":{}}"""
        );
        Assert.Equal(["a", "b"], prompt.Texts);
        Assert.Equal((2, 3, 5, 0), (prompt.Count, prompt.BestOf, prompt.LogProbs, prompt.Sampling.MaxTokens));
        Assert.Equal(("s", "u", "x"), (prompt.Suffix, prompt.User, prompt.Sampling.Stop[0]));
        Assert.True(prompt.Echo && prompt.Streams && prompt.IncludeUsage);
        Assert.Equal("logit_bias", Assert.Single(prompt.Extensions.Fields).Key);
    }

    [Fact]
    public void One_prompt_is_a_string() => Assert.Equal(["a"], Read("""{"model":"m","prompt":"a"}""").Texts);

    [Theory]
    [InlineData("\"prompt\":[1,2,3]")]
    [InlineData("\"prompt\":[[1,2],[3]]")]
    public void Token_ids_are_refused_by_name(string members)
    {
        var fault = Refused(members);
        Assert.Equal("prompt", fault.Param);
        Assert.Contains("token ids", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"n\":1", "prompt")]
    [InlineData("\"prompt\":[]", "prompt")]
    [InlineData("\"prompt\":{}", "prompt")]
    [InlineData("\"prompt\":[\"a\",1]", "prompt[1]")]
    [InlineData("\"prompt\":\"a\",\"logprobs\":6", "logprobs")]
    public void A_wrong_value_is_named(string members, string param) => Assert.Equal(param, Refused(members).Param);

    [Fact]
    public void A_reply_is_a_text_completion()
    {
        var reply = new Reply
        {
            Id = "p1",
            CreatedAt = Then,
            Model = "m",
            Choices = [new Choice(0, [new TextBlock("a"), new TextBlock("b")], FinishReason.Length)],
        };
        Assert.Equal(
            """{"id":"cmpl-p1","object":"text_completion","created":1700000000,"model":"m","choices":[{"text":"ab","index":0,"logprobs":null,"finish_reason":"length"}]}""",
            Written.Text(output => OpenAICompletionsDialect.Instance.WriteReply(reply, null, output))
        );
    }

    [Fact]
    public void A_stream_is_chunks_then_usage_then_done()
    {
        var asked = new Prompt
        {
            Model = "m",
            Texts = ["a"],
            IncludeUsage = true,
        };
        var stream = Written.Stream(
            OpenAICompletionsDialect.Instance.OpenWriter(asked),
            [
                new ReplyStarted("p1", Then, "m"),
                new TextPiece(0, "a"),
                new ChoiceFinished(0, FinishReason.Stop),
                new UsageKnown(new Usage { InputTokens = 1 }),
            ]
        );
        const string head = "{\"id\":\"cmpl-p1\",\"object\":\"text_completion\",\"created\":1700000000,\"model\":\"m\",\"choices\":[";
        var events = Written.Events(stream).ConvertAll(found => found.Data.Replace(head, "", StringComparison.Ordinal));
        Assert.Equal("""{"text":"a","index":0,"logprobs":null,"finish_reason":null}],"usage":null}""", events[0]);
        Assert.Equal("""{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":null}""", events[1]);
        Assert.StartsWith("],\"usage\":{\"prompt_tokens\":1,", events[2], StringComparison.Ordinal);
        Assert.Equal("[DONE]", events[3]);
    }

    [Fact]
    public void A_failure_is_an_error_frame() =>
        Assert.StartsWith(
            "data: {\"error\":",
            Written.Stream(
                OpenAICompletionsDialect.Instance.OpenWriter(null),
                [new ReplyFailed(new Fault(FaultKind.Timeout, "Slow."))],
                finish: false
            ),
            StringComparison.Ordinal
        );
}
