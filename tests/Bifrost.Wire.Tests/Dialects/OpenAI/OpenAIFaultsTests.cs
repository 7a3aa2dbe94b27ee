using System.Text;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAICompletions;
using Bifrost.Wire.Dialects.OpenAIEmbeddings;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAI;

public sealed class OpenAIFaultsTests
{
    public static readonly TheoryData<IDialect> All =
    [
        OpenAIChatDialect.Instance,
        OpenAICompletionsDialect.Instance,
        OpenAIResponsesDialect.Instance,
        OpenAIEmbeddingsDialect.Instance,
    ];

    [Theory, MemberData(nameof(All))]
    public void A_fault_is_an_error_object_with_all_four_members(IDialect dialect) =>
        Assert.Equal(
            """{"error":{"message":"Too \"hot\".","type":"invalid_request_error","code":null,"param":"temperature"}}""",
            Written.Text(output => dialect.WriteFault(Fault.Invalid("Too \"hot\".", "temperature"), output))
        );

    [Theory, MemberData(nameof(All))]
    public void The_providers_own_error_is_passed_on_byte_for_byte(IDialect dialect)
    {
        var own = "{ \"error\" : {\"message\":\"no\"} }\n"u8.ToArray();
        var fault = new Fault(FaultKind.UpstreamRejected, "no") { UpstreamBody = own };
        Assert.Equal(own, Written.Bytes(output => dialect.WriteFault(fault, output)));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1")]
    [InlineData("{} {}")]
    public void What_is_no_json_object_is_not_passed_on(string own)
    {
        var fault = new Fault(FaultKind.UpstreamError, "Broken.") { UpstreamBody = Encoding.UTF8.GetBytes(own) };
        var error = Written.Json(output => OpenAIFaults.WriteBody(fault, output)).GetProperty("error");
        Assert.Equal("Broken.", error.GetProperty("message").GetString());
        Assert.Equal("upstream_error", error.GetProperty("code").GetString());
    }

    [Fact]
    public void The_closer_code_wins() =>
        Assert.Equal("invalid_type", OpenAIFaults.CodeOf(Fault.Unsupported("x", "y") with { Code = "invalid_type" }));

    [Fact]
    public void A_chat_stream_ends_with_an_error_frame_and_no_done() =>
        Assert.Equal(
            "data: {\"error\":{\"message\":\"Slow.\",\"type\":\"request_timed_out\",\"code\":\"timeout\",\"param\":null}}\n\n",
            Written.Text(output => OpenAIChatDialect.Instance.WriteStreamFault(new Fault(FaultKind.Timeout, "Slow."), output))
        );

    [Fact]
    public void A_responses_stream_ends_with_an_error_event() =>
        Assert.Equal(
            "event: error\ndata: {\"type\":\"error\",\"code\":\"timeout\",\"message\":\"Slow.\",\"param\":null,\"sequence_number\":0}\n\n",
            Written.Text(output => OpenAIResponsesDialect.Instance.WriteStreamFault(new Fault(FaultKind.Timeout, "Slow."), output))
        );

    [Fact]
    public void An_image_stream_ends_with_a_named_error_frame() =>
        Assert.StartsWith(
            "event: error\ndata: {\"error\":{",
            Written.Text(output => OpenAIFaults.WriteErrorEvent(new Fault(FaultKind.Timeout, "Slow."), output)),
            StringComparison.Ordinal
        );
}
