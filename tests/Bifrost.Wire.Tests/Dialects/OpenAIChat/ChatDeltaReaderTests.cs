using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIChat;

public sealed class ChatDeltaReaderTests
{
    private static readonly ReplyStarted Start = new("x", DateTimeOffset.FromUnixTimeSeconds(1700000000), "a/b");

    private static List<ReplyDelta> Read(params string[] data)
    {
        var stream = string.Concat(data.Select(text => $"data: {text}\n\n"));
        return Written.Deltas(OpenAIChatDialect.Instance.OpenReader("a/b"), stream);
    }

    private static string Chunk(string delta, string finish = "null", int choice = 0) =>
        $$"""{"id":"chatcmpl-x","created":1700000000,"choices":[{"index":{{choice}},"delta":{{{delta}}},"finish_reason":{{finish}}}]}""";

    private static Fault Failure(List<ReplyDelta> deltas) => Assert.IsType<ReplyFailed>(deltas[^1]).Fault;

    [Fact]
    public void A_stream_is_read_step_by_step() =>
        Assert.Equal(
            [
                Start,
                new ReasoningPiece(0, "r"),
                new TextPiece(0, "a"),
                new RefusalPiece(0, "n"),
                new ChoiceFinished(0, FinishReason.Length),
                new UsageKnown(new Usage { InputTokens = 1, OutputTokens = 2 }),
            ],
            Read(
                Chunk("\"role\":\"assistant\",\"content\":\"\""),
                Chunk("\"reasoning_content\":\"r\""),
                Chunk("\"content\":\"a\""),
                Chunk("\"refusal\":\"n\""),
                Chunk("", "\"length\""),
                """{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
                "[DONE]"
            )
        );

    [Fact]
    public void Calls_come_in_pieces() =>
        Assert.Equal(
            [
                Start,
                new ToolCallPiece(0, 0, "c", "f", ""),
                new ToolCallPiece(0, 0, null, null, "{}"),
                new ChoiceFinished(0, FinishReason.ToolCalls),
            ],
            Read(
                Chunk("\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"),
                Chunk("\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{\"name\":\"\",\"arguments\":\"{}\"}}]"),
                Chunk("", "\"tool_calls\""),
                "[DONE]"
            )
        );

    [Fact]
    public void A_legacy_function_call_is_a_call() =>
        Assert.Equal(new ToolCallPiece(0, 0, "f", "f", "{"), Read(Chunk("\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}"))[1]);

    [Fact]
    public void Running_totals_give_one_usage()
    {
        var deltas = Read(
            """{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""",
            """{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
            "[DONE]"
        );
        Assert.Equal(2, Assert.Single(deltas.OfType<UsageKnown>()).Usage.OutputTokens);
    }

    [Fact]
    public void A_finished_choice_needs_no_done() =>
        Assert.Equal(
            [Start, new TextPiece(0, "a"), new ChoiceFinished(0, FinishReason.Stop)],
            Read(Chunk("\"content\":\"a\"", "\"stop\""))
        );

    [Fact]
    public void Done_ends_what_has_no_reason() =>
        Assert.Equal([Start, new TextPiece(0, "a"), new ChoiceFinished(0, FinishReason.Stop)], Read(Chunk("\"content\":\"a\""), "[DONE]"));

    [Fact]
    public void A_cut_stream_is_a_failure() => Assert.Equal(FaultKind.UpstreamInvalid, Failure(Read(Chunk("\"content\":\"a\""))).Kind);

    [Fact]
    public void A_stream_with_one_choice_unfinished_is_a_failure() =>
        Assert.Equal(FaultKind.UpstreamInvalid, Failure(Read(Chunk("", "\"stop\""), Chunk("\"content\":\"a\"", choice: 1))).Kind);

    [Fact]
    public void An_empty_stream_is_a_failure()
    {
        Assert.Equal(FaultKind.UpstreamInvalid, Failure(Read()).Kind);
        Assert.Equal(FaultKind.UpstreamInvalid, Failure(Read("[DONE]")).Kind);
    }

    [Fact]
    public void An_error_amid_the_stream_ends_it()
    {
        var deltas = Read(
            Chunk("\"content\":\"a\""),
            """{"error":{"message":"busy","type":"overloaded_error"}}""",
            Chunk("\"content\":\"b\"")
        );
        Assert.Equal(3, deltas.Count);
        Assert.Equal((FaultKind.UpstreamOverloaded, "busy"), (Failure(deltas).Kind, Failure(deltas).Message));
    }

    [Fact]
    public void What_is_not_json_is_a_failure() => Assert.Equal(FaultKind.UpstreamInvalid, Failure(Read("<oops>")).Kind);

    [Fact]
    public void Nothing_is_read_after_done() =>
        Assert.Equal(3, Read(Chunk("\"content\":\"a\"", "\"stop\""), "[DONE]", Chunk("\"content\":\"b\"")).Count);

    [Fact]
    public void Any_chunking_gives_the_same_deltas()
    {
        var stream = Encoding.UTF8.GetBytes(
            $": hi\r\n\r\ndata: {Chunk("\"content\":\"é😀\"")}\r\n\r\ndata: {Chunk("", "\"stop\"")}\r\n\r\ndata: [DONE]\r\n\r\n"
        );
        var whole = Written.Deltas(OpenAIChatDialect.Instance.OpenReader("a/b"), stream);
        for (var length = 1; length < stream.Length; length++)
        {
            Assert.Equal(whole, Written.Deltas(OpenAIChatDialect.Instance.OpenReader("a/b"), stream, length));
        }
    }
}
