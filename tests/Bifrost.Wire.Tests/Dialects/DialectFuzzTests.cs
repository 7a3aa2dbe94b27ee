using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAICompletions;
using Bifrost.Wire.Dialects.OpenAIResponses;

namespace Bifrost.Wire.Tests.Dialects;

/// <summary>Whatever arrives, there is a value or a fault, and what was read can be written.</summary>
public sealed class DialectFuzzTests
{
    private static readonly string[] ChatRequests =
    [
        """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAEC","detail":"low"}},{"type":"input_audio","input_audio":{"data":"AAEC","format":"wav"}},{"type":"file","file":{"file_id":"f","filename":"n"}}]}],"temperature":1,"stop":["a"],"n":1}""",
        """{"model":"m","messages":[{"role":"assistant","content":null,"refusal":"r","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"a":1}}}],"tool_choice":{"type":"function","function":{"name":"f"}},"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}},"reasoning":{"effort":"low"},"stream_options":{"include_usage":true},"metadata":{"a":"b"},"extra":[1]}""",
    ];

    private static readonly string[] ResponsesRequests =
    [
        """{"model":"m","instructions":"i","input":[{"role":"user","content":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"data:image/png;base64,AAEC"},{"type":"input_file","file_data":"AAEC","filename":"x.pdf"}]},{"type":"reasoning","summary":[{"text":"r"}],"encrypted_content":"e"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"}]},{"type":"item_reference","id":"i"}],"tools":[{"type":"function","name":"f"}],"tool_choice":"auto","text":{"format":{"type":"json_schema","name":"n","schema":{}},"verbosity":"low"}}""",
    ];

    private static readonly string[] Prompts =
    [
        """{"model":"m","prompt":["a","b"],"n":2,"echo":true,"stop":"x","logprobs":1,"stream_options":{}}""",
    ];

    private static readonly string[] ChatReplies =
    [
        """{"id":"chatcmpl-1","created":1700000000,"choices":[{"index":0,"message":{"role":"assistant","content":"a","reasoning_content":"r","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
        """{"error":{"message":"m","type":"t","code":"c"}}""",
    ];

    private static readonly string[] ResponsesReplies =
    [
        """{"id":"resp_1","created_at":1700000000,"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"reasoning","summary":[{"text":"r"}]},{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"n"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"odd"}],"usage":{"input_tokens":1,"output_tokens":2}}""",
    ];

    private static readonly string[] ChatStreams =
    [
        "data: {\"id\":\"x\",\"created\":1,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n",
    ];

    private static readonly string[] ResponsesStreams =
    [
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_x\"}}\n\ndata: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}}\n\ndata: {\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,\"delta\":\"{\"}\n\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":1}}}\n\n",
    ];

    private static void FuzzRequests<T, TCaller>(TCaller dialect, string[] samples, Action<T> use)
        where TCaller : ICallerDialect<T, Reply, ReplyDelta> =>
        Fuzz.Run(
            samples,
            bytes =>
            {
                if (!dialect.ReadRequest(new RequestBytes(bytes, null)).Failed(out var fault, out var asked))
                {
                    use(asked!);
                }
                else
                {
                    Assert.NotEmpty(fault.Message);
                    Written.Json(output => dialect.WriteFault(fault, output));
                }
            }
        );

    private static void WriteEverywhere(Conversation asked)
    {
        Written.Json(output => OpenAIChatDialect.Instance.WriteRequest(asked, "m", output));
        Written.Json(output => OpenAIResponsesDialect.Instance.WriteRequest(asked, "m", output));
        Written.Json(output => OpenAIResponsesDialect.Instance.WriteReply(Empty, asked, output));
    }

    private static readonly Reply Empty = new()
    {
        Id = "",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Model = "",
        Choices = [],
    };

    private static void FuzzReplies(IProviderDialect<Conversation, Reply, ReplyDelta> dialect, string[] samples) =>
        Fuzz.Run(
            samples,
            bytes =>
            {
                if (!dialect.ReadReply(bytes, "m").Failed(out _, out var reply))
                {
                    Written.Json(output => OpenAIChatDialect.Instance.WriteReply(reply!, null, output));
                    Written.Json(output => OpenAIResponsesDialect.Instance.WriteReply(reply!, null, output));
                    Written.Json(output => OpenAICompletionsDialect.Instance.WriteReply(reply!, null, output));
                }

                dialect.TryReadUsage(bytes, out _);
            }
        );

    private static void FuzzStreams(IProviderDialect<Conversation, Reply, ReplyDelta> dialect, string[] samples) =>
        Fuzz.Run(
            samples,
            bytes =>
            {
                var deltas = Written.Deltas(dialect.OpenReader("m"), bytes);
                Assert.Equal(deltas, Written.Deltas(dialect.OpenReader("m"), bytes, 7), SameDelta);
                Assert.True(deltas[^1] is ReplyFailed or ChoiceFinished or UsageKnown, "A stream must end with a word about its end.");
                Written.Stream(OpenAIChatDialect.Instance.OpenWriter(null), deltas);
                Written.Stream(OpenAIResponsesDialect.Instance.OpenWriter(null), deltas);
                Written.Stream(OpenAICompletionsDialect.Instance.OpenWriter(null), deltas);
            }
        );

    private static bool SameDelta(ReplyDelta one, ReplyDelta other) => Shape.Of(one) == Shape.Of(other);

    [Fact]
    public void Chat_requests() => FuzzRequests<Conversation, OpenAIChatDialect>(OpenAIChatDialect.Instance, ChatRequests, WriteEverywhere);

    [Fact]
    public void Responses_requests() =>
        FuzzRequests<Conversation, OpenAIResponsesDialect>(OpenAIResponsesDialect.Instance, ResponsesRequests, WriteEverywhere);

    [Fact]
    public void Completions_requests() =>
        FuzzRequests<Bifrost.Wire.Canonical.Completions.Prompt, OpenAICompletionsDialect>(
            OpenAICompletionsDialect.Instance,
            Prompts,
            prompt => Assert.NotEmpty(prompt.Texts)
        );

    [Fact]
    public void Chat_replies() => FuzzReplies(OpenAIChatDialect.Instance, ChatReplies);

    [Fact]
    public void Responses_replies() => FuzzReplies(OpenAIResponsesDialect.Instance, ResponsesReplies);

    [Fact]
    public void Chat_streams() => FuzzStreams(OpenAIChatDialect.Instance, ChatStreams);

    [Fact]
    public void Responses_streams() => FuzzStreams(OpenAIResponsesDialect.Instance, ResponsesStreams);
}
