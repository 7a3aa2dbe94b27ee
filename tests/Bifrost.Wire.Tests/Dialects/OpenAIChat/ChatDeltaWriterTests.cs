using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIChat;

public sealed class ChatDeltaWriterTests
{
    private const string Head =
        "{\"id\":\"chatcmpl-p1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"a/b\",\"choices\":[";

    private static readonly ReplyStarted Start = new("p1", DateTimeOffset.FromUnixTimeSeconds(1700000000), "a/b");

    private static List<string> Write(bool includeUsage, params ReplyDelta[] deltas)
    {
        var asked = new Conversation
        {
            Model = "a/b",
            Turns = [],
            IncludeUsage = includeUsage,
        };
        var failed = deltas[^1] is ReplyFailed;
        var stream = Written.Stream(OpenAIChatDialect.Instance.OpenWriter(asked), deltas, finish: !failed);
        return Written.Events(stream).ConvertAll(found => found.Data.Replace(Head, "", StringComparison.Ordinal));
    }

    private static string Chunk(int choice, string delta, string finish = "null") =>
        $$"""{"index":{{choice}},"delta":{{{delta}}},"logprobs":null,"finish_reason":{{finish}}}]}""";

    [Fact]
    public void A_stream_goes_role_content_finish_done() =>
        Assert.Equal(
            [Chunk(0, "\"role\":\"assistant\",\"content\":\"\""), Chunk(0, "\"content\":\"Hi\\n\""), Chunk(0, "", "\"stop\""), "[DONE]"],
            Write(false, Start, new TextPiece(0, "Hi\n"), new ChoiceFinished(0, FinishReason.Stop), new UsageKnown(new Usage()))
        );

    [Fact]
    public void Each_choice_gets_its_role_once()
    {
        var chunks = Write(false, Start, new TextPiece(1, "a"), new TextPiece(0, "b"), new TextPiece(1, "c"));
        Assert.Equal(Chunk(1, "\"role\":\"assistant\",\"content\":\"\""), chunks[1]);
        Assert.Equal(2, chunks.Count(chunk => chunk.Contains("role", StringComparison.Ordinal)));
    }

    [Fact]
    public void Reasoning_and_refusals_have_members_of_their_own()
    {
        var chunks = Write(false, Start, new ReasoningPiece(0, "r"), new RefusalPiece(0, "n"));
        Assert.Equal(Chunk(0, "\"reasoning_content\":\"r\""), chunks[1]);
        Assert.Equal(Chunk(0, "\"refusal\":\"n\""), chunks[2]);
    }

    [Fact]
    public void Only_the_first_piece_of_a_call_names_it()
    {
        var chunks = Write(false, Start, new ToolCallPiece(0, 2, "c", "f", ""), new ToolCallPiece(0, 2, null, null, "{}"));
        Assert.Equal(
            Chunk(0, "\"tool_calls\":[{\"index\":2,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"),
            chunks[1]
        );
        Assert.Equal(Chunk(0, "\"tool_calls\":[{\"index\":2,\"function\":{\"arguments\":\"{}\"}}]"), chunks[2]);
    }

    [Fact]
    public void Usage_comes_last_and_only_when_asked_for()
    {
        var chunks = Write(
            true,
            Start,
            new ChoiceFinished(0, FinishReason.Length),
            new UsageKnown(new Usage { InputTokens = 1, OutputTokens = 2 })
        );
        Assert.EndsWith("\"finish_reason\":\"length\"}],\"usage\":null}", chunks[1], StringComparison.Ordinal);
        Assert.StartsWith(
            "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,",
            chunks[2],
            StringComparison.Ordinal
        );
        Assert.Equal("[DONE]", chunks[3]);
    }

    [Fact]
    public void A_failure_is_the_last_frame()
    {
        var chunks = Write(false, Start, new TextPiece(0, "a"), new ReplyFailed(new Fault(FaultKind.UpstreamError, "Boom.")));
        Assert.StartsWith("{\"error\":{\"message\":\"Boom.\"", chunks[^1], StringComparison.Ordinal);
    }
}
