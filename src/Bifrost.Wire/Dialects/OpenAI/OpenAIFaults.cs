using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>The error shapes all OpenAI dialects share.</summary>
/// <remarks>https://platform.openai.com/docs/guides/error-codes</remarks>
public static class OpenAIFaults
{
    /// <summary>A whole error answer. The provider's own body is passed on byte for byte when the fault carries it.</summary>
    public static void WriteBody(Fault fault, IBufferWriter<byte> output)
    {
        if (IsObject(fault.UpstreamBody.Span))
        {
            output.Write(fault.UpstreamBody.Span);
            return;
        }

        WriteError(fault, output);
    }

    /// <summary>The last event of a chat or completions stream: no <c>[DONE]</c> follows.</summary>
    public static void WriteData(Fault fault, IBufferWriter<byte> output)
    {
        output.Write(SseWriter.DataStart);
        WriteError(fault, output);
        output.Write(SseWriter.EventEnd);
    }

    /// <summary>The same under <c>event: error</c>, for image streams.</summary>
    public static void WriteErrorEvent(Fault fault, IBufferWriter<byte> output)
    {
        SseWriter.Name("error"u8, output);
        WriteData(fault, output);
    }

    /// <summary>The <c>error</c> event of Responses streams, which has no wrapping object.</summary>
    /// <remarks>https://platform.openai.com/docs/api-reference/responses-streaming/error</remarks>
    public static void WriteResponsesEvent(Fault fault, long sequenceNumber, IBufferWriter<byte> output)
    {
        SseWriter.Name("error"u8, output);
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteString("code"u8, CodeOf(fault));
            json.WriteString("message"u8, fault.Message);
            json.WriteString("param"u8, fault.Param);
            json.WriteNumber("sequence_number"u8, sequenceNumber);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }

    public static string? CodeOf(Fault fault) => fault.Code ?? fault.Rule.Code;

    /// <summary>The fault behind an <c>error</c> object that came with a 2xx status or within a stream.</summary>
    internal static Fault Read(JsonElement error)
    {
        var code = error.TextOf("code") ?? error.TextOf("type");
        var message = error.TextOf("message") ?? "The provider reported an error without a message.";
        return new Fault(KindOf(code, error.TextOf("type")), message) { Code = error.TextOf("code"), Param = error.TextOf("param") };
    }

    private static FaultKind KindOf(string? code, string? type) =>
        code switch
        {
            "rate_limit_exceeded" or "rate_limit_error" => FaultKind.UpstreamRateLimited,
            "insufficient_quota" or "billing_hard_limit_reached" => FaultKind.UpstreamCredit,
            "invalid_api_key" or "authentication_error" => FaultKind.UpstreamCredential,
            "content_filter" or "content_policy_violation" => FaultKind.ContentPolicy,
            "overloaded_error" or "model_overloaded" or "server_overloaded" => FaultKind.UpstreamOverloaded,
            "context_length_exceeded" or "invalid_prompt" or "invalid_request_error" => FaultKind.UpstreamRejected,
            _ when type == "invalid_request_error" => FaultKind.UpstreamRejected,
            _ => FaultKind.UpstreamError,
        };

    private static void WriteError(Fault fault, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        var rule = fault.Rule;
        json.WriteStartObject();
        if (rule.Governs)
        {
            // Clients of the published gateway look for these; the flag says whether the gateway itself broke, which it did not.
            json.WriteString("type"u8, rule.Type);
            json.WriteNumber("status_code"u8, fault.Status);
            json.WriteBoolean("is_bifrost_error"u8, false);
        }

        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, fault.Message);
        json.WriteString("type"u8, rule.Type);
        json.WriteString("code"u8, CodeOf(fault));
        json.WriteString("param"u8, fault.Param);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool IsObject(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
