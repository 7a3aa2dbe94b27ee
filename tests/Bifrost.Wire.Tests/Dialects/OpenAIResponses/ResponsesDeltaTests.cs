using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIResponses;

public sealed class ResponsesDeltaTests
{
    private static readonly ReplyStarted Start = new("p1", DateTimeOffset.FromUnixTimeSeconds(1700000000), "a/b");

    private static List<JsonElement> Write(params ReplyDelta[] deltas)
    {
        var stream = Written.Stream(OpenAIResponsesDialect.Instance.OpenWriter(null), deltas, finish: deltas[^1] is not ReplyFailed);
        var events = Written.Events(stream);
        Assert.DoesNotContain(events, found => found.Data == "[DONE]");
        Assert.All(events, found => Assert.Equal(found.Name, JsonDocument.Parse(found.Data).RootElement.GetProperty("type").GetString()));
        return events.ConvertAll(found => JsonDocument.Parse(found.Data).RootElement);
    }

    private static List<string> Names(IEnumerable<JsonElement> events) =>
        [.. events.Select(json => json.GetProperty("type").GetString()!["response.".Length..])];

    private static List<ReplyDelta> Read(params string[] data) =>
        Written.Deltas(
            OpenAIResponsesDialect.Instance.OpenReader("a/b"),
            string.Concat(data.Select(text => $"event: x\ndata: {text}\n\n"))
        );

    [Fact]
    public void A_text_answer_has_the_published_order_of_events()
    {
        var events = Write(
            Start,
            new TextPiece(0, "a"),
            new TextPiece(0, "b"),
            new ChoiceFinished(0, FinishReason.Stop),
            new UsageKnown(new Usage { InputTokens = 1, OutputTokens = 2 })
        );
        Assert.Equal(
            [
                "created",
                "in_progress",
                "output_item.added",
                "content_part.added",
                "output_text.delta",
                "output_text.delta",
                "output_text.done",
                "content_part.done",
                "output_item.done",
                "completed",
            ],
            Names(events)
        );
        Assert.Equal(Enumerable.Range(0, 10), events.Select(json => json.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("ab", events[6].GetProperty("text").GetString());
        Assert.Equal(
            """{"id":"msg_p1_0","type":"message","status":"in_progress","role":"assistant","content":[]}""",
            events[2].GetProperty("item").GetRawText()
        );
        Assert.Equal(events[8].GetProperty("item").GetRawText(), events[9].GetProperty("response").GetProperty("output")[0].GetRawText());
        Assert.Equal(3, events[9].GetProperty("response").GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public void Deltas_say_where_they_belong() =>
        Assert.Equal(
            """{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_p1_0","output_index":0,"content_index":0,"delta":"a","logprobs":[]}""",
            Write(Start, new TextPiece(0, "a"))[4].GetRawText()
        );

    [Fact]
    public void Reasoning_and_calls_are_items_of_their_own()
    {
        var events = Write(
            Start,
            new ReasoningPiece(0, "r"),
            new ToolCallPiece(0, 0, "c0", "f", ""),
            new ToolCallPiece(0, 0, null, null, "{}"),
            new ToolCallPiece(0, 1, "c1", "g", ""),
            new ChoiceFinished(0, FinishReason.ToolCalls)
        );
        Assert.Equal(
            [
                "output_item.added",
                "reasoning_summary_part.added",
                "reasoning_summary_text.delta",
                "reasoning_summary_text.done",
                "reasoning_summary_part.done",
                "output_item.done",
                "output_item.added",
                "function_call_arguments.delta",
                "function_call_arguments.done",
                "output_item.done",
                "output_item.added",
                "function_call_arguments.done",
                "output_item.done",
                "completed",
            ],
            Names(events.Skip(2))
        );
        var output = events[^1].GetProperty("response").GetProperty("output");
        Assert.Equal(["rs_p1_0", "fc_p1_1", "fc_p1_2"], output.EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        Assert.Equal("{}", output[1].GetProperty("arguments").GetString());
    }

    [Fact]
    public void A_refusal_after_text_is_the_next_part()
    {
        var events = Write(Start, new TextPiece(0, "a"), new RefusalPiece(0, "n"), new ChoiceFinished(0, FinishReason.Stop));
        var parts = events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content");
        Assert.Equal(["output_text", "refusal"], parts.EnumerateArray().Select(part => part.GetProperty("type").GetString()!));
        Assert.Contains("refusal.done", Names(events));
    }

    [Fact]
    public void A_cut_answer_ends_incomplete()
    {
        var events = Write(Start, new TextPiece(0, "a"), new ChoiceFinished(0, FinishReason.Length));
        Assert.Equal("incomplete", Names(events)[^1]);
        var response = events[^1].GetProperty("response");
        Assert.Equal("max_output_tokens", response.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal(events[^2].GetProperty("item").GetRawText(), response.GetProperty("output")[0].GetRawText());
    }

    [Fact]
    public void A_failure_ends_with_the_failed_response()
    {
        var events = Write(Start, new TextPiece(0, "half"), new ReplyFailed(new Fault(FaultKind.Timeout, "Slow.")));
        Assert.Equal("failed", Names(events)[^1]);
        var response = events[^1].GetProperty("response");
        Assert.Equal(
            ("failed", "Slow."),
            (response.GetProperty("status").GetString(), response.GetProperty("error").GetProperty("message").GetString())
        );
        Assert.Equal("half", response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Arguments_that_come_only_at_the_end_are_read() =>
        Assert.Equal(
            [
                new ReplyStarted("x", DateTimeOffset.UnixEpoch, "a/b"),
                new ToolCallPiece(0, 0, "c", "f", ""),
                new ToolCallPiece(0, 0, null, null, "{}"),
                new ChoiceFinished(0, FinishReason.ToolCalls),
            ],
            Read(
                """{"type":"response.created","response":{"id":"resp_x"}}""",
                """{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}""",
                """{"type":"response.completed","response":{"status":"completed"}}"""
            )
        );

    [Theory]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"full"}""")]
    [InlineData("""{"type":"error","error":{"code":"rate_limit_exceeded","message":"full"}}""")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"full"}}}""")]
    public void Failures_of_all_shapes_are_read(string data)
    {
        var fault = Assert.IsType<ReplyFailed>(Assert.Single(Read(data))).Fault;
        Assert.Equal((FaultKind.UpstreamRateLimited, "full"), (fault.Kind, fault.Message));
    }

    [Fact]
    public void A_cut_stream_is_a_failure() =>
        Assert.Equal(
            FaultKind.UpstreamInvalid,
            Assert.IsType<ReplyFailed>(Read("""{"type":"response.output_text.delta","delta":"a"}""")[^1]).Fault.Kind
        );
}
