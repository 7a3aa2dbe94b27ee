using System.Text;
using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIResponses;

public sealed class ResponsesReplyTests
{
    private static readonly Reply Simple = new()
    {
        Id = "p1",
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1700000000),
        Model = "a/b",
        Choices = [new Choice(0, [new ReasoningBlock("r"), new TextBlock("a"), new ToolCallBlock("c", "f", "{}")], FinishReason.ToolCalls)],
        Usage = new Usage { InputTokens = 3, OutputTokens = 4 },
    };

    private static JsonElement Write(Reply reply, Conversation? asked = null) =>
        Written.Json(output => OpenAIResponsesDialect.Instance.WriteReply(reply, asked, output));

    private static Outcome<Reply> Read(string json) => OpenAIResponsesDialect.Instance.ReadReply(Encoding.UTF8.GetBytes(json), "a/b");

    [Fact]
    public void A_stored_reply_has_every_member_clients_rely_on() =>
        Assert.Equal(
            """{"id":"resp_p1","object":"response","created_at":1700000000,"status":"completed","background":false,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"a/b","output":[{"id":"rs_p1_0","type":"reasoning","summary":[{"type":"summary_text","text":"r"}]},{"id":"msg_p1_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"a","annotations":[],"logprobs":[]}]},{"id":"fc_p1_2","type":"function_call","status":"completed","call_id":"c","name":"f","arguments":"{}"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":true,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":0,"audio_tokens":0},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":0,"audio_tokens":0},"total_tokens":7},"user":null,"metadata":{}}""",
            Write(Simple).GetRawText()
        );

    [Fact]
    public void The_request_is_echoed()
    {
        const string request = """
            {"model":"a/b","input":"x","instructions":"be brief","max_output_tokens":5,"temperature":0.5,"tools":[{"type":"web_search"}],
            "tool_choice":"none","text":{"verbosity":"low"},"metadata":{"k":"v"},"background":true,"truncation":"auto","reasoning":{"effort":"low"}}
            """;
        OpenAIResponsesDialect.Instance.ReadRequest(Written.Request(request)).Failed(out _, out var asked);
        var json = Write(Simple, asked);
        string[] echoes =
        [
            "instructions",
            "max_output_tokens",
            "temperature",
            "tools",
            "tool_choice",
            "text",
            "metadata",
            "background",
            "truncation",
        ];
        Assert.Equal(
            [
                "\"be brief\"",
                "5",
                "0.5",
                "[{\"type\":\"web_search\"}]",
                "\"none\"",
                "{\"format\":{\"type\":\"text\"},\"verbosity\":\"low\"}",
                "{\"k\":\"v\"}",
                "true",
                "\"auto\"",
            ],
            echoes.Select(name => json.GetProperty(name).GetRawText())
        );
    }

    [Theory]
    [InlineData(ReplyStatus.Queued, "queued")]
    [InlineData(ReplyStatus.InProgress, "in_progress")]
    [InlineData(ReplyStatus.Cancelled, "cancelled")]
    [InlineData(ReplyStatus.Incomplete, "incomplete")]
    public void Every_status_has_its_word_and_is_read_back(ReplyStatus status, string word)
    {
        var json = Write(Simple with { Status = status, Choices = [] });
        Assert.Equal(word, json.GetProperty("status").GetString());
        Assert.False(Read(json.GetRawText()).Failed(out _, out var read));
        Assert.Equal(status, read!.Status);
    }

    [Theory]
    [InlineData(FinishReason.Length, "max_output_tokens")]
    [InlineData(FinishReason.ContentFilter, "content_filter")]
    public void A_cut_answer_is_incomplete_and_says_why(FinishReason finish, string reason)
    {
        var json = Write(Simple with { Choices = [new Choice(0, [new TextBlock("a")], finish)] });
        Assert.Equal("incomplete", json.GetProperty("status").GetString());
        Assert.Equal(reason, json.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal("incomplete", json.GetProperty("output")[0].GetProperty("status").GetString());
        Read(json.GetRawText()).Failed(out _, out var read);
        Assert.Equal(finish, read!.Choices[0].Finish);
    }

    [Fact]
    public void A_failed_answer_carries_its_error()
    {
        var json = Write(Simple with { Status = ReplyStatus.Failed, Choices = [], Fault = new Fault(FaultKind.UpstreamError, "Boom.") });
        Assert.Equal("""{"code":"upstream_error","message":"Boom."}""", json.GetProperty("error").GetRawText());
        Read(json.GetRawText()).Failed(out _, out var read);
        Assert.Equal((ReplyStatus.Failed, "Boom."), (read!.Status, read.Fault!.Message));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("""{"id":"x"}""")]
    public void What_is_no_response_is_a_fault(string json)
    {
        Assert.True(Read(json).Failed(out var fault, out _));
        Assert.Equal(FaultKind.UpstreamInvalid, fault.Kind);
    }
}
