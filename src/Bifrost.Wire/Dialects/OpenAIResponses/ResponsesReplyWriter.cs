using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes the response object, which echoes much of the request. Without the request (a response fetched later) the members that
/// clients rely on hold OpenAI's defaults.</summary>
internal static class ResponsesReplyWriter
{
    public static void Write(Reply reply, Conversation? asked, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        Write(reply, asked, lease.Json);
    }

    public static void Write(Reply reply, Conversation? asked, Utf8JsonWriter json)
    {
        var id = ReplyIds.With(ReplyIds.Response, reply.Id);
        var status = StatusOf(reply);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, reply.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("status"u8, Word(status));
        json.WriteBoolean("background"u8, asked?.Background ?? false);
        WriteError(status, reply.Fault, json);
        WriteIncomplete(status, reply, json);
        json.WriteString("instructions"u8, asked is null ? null : ResponsesInput.Instructions(asked.Turns));
        json.WriteOrNull("max_output_tokens"u8, asked?.Sampling.MaxTokens);
        json.WriteString("model"u8, reply.Model);
        ResponsesOutput.Write(reply.Choices, reply.Id, status, json);
        WriteEcho(asked, json);
        if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usage"u8);
            OpenAIUsage.WriteResponses(usage, json);
        }
        else
        {
            json.WriteNull("usage"u8);
        }

        json.WriteString("user"u8, asked?.User);
        WriteMetadata(asked?.Metadata, json);
        json.WriteEndObject();
    }

    private static void WriteEcho(Conversation? asked, Utf8JsonWriter json)
    {
        json.WriteBoolean("parallel_tool_calls"u8, asked?.ParallelToolCalls ?? true);
        json.WriteString("previous_response_id"u8, asked?.PreviousReplyId);
        json.WriteStartObject("reasoning"u8);
        json.WriteString("effort"u8, asked?.Reasoning?.Effort);
        json.WriteString("summary"u8, asked?.Reasoning?.Summary);
        json.WriteEndObject();
        json.WriteBoolean("store"u8, asked?.Store ?? true);
        json.WriteOrNull("temperature"u8, asked?.Sampling.Temperature);
        ResponsesToolWriter.WriteText(asked?.Format ?? new ReplyFormat("text"), asked?.Verbosity, json);
        if (asked?.ToolChoice is not { } choice || !ResponsesToolWriter.WriteChoice(choice, json))
        {
            json.WriteString("tool_choice"u8, "auto"u8);
        }

        ResponsesToolWriter.WriteTools(asked?.Tools ?? [], json, losses: null);
        json.WriteOrNull("top_p"u8, asked?.Sampling.TopP);
        if (asked is not null && asked.Extensions.TryGet("truncation", out var truncation))
        {
            json.WriteIfSet("truncation"u8, truncation);
        }
        else
        {
            json.WriteString("truncation"u8, "disabled"u8);
        }
    }

    private static void WriteMetadata(JsonElement? metadata, Utf8JsonWriter json)
    {
        if (metadata is { } given)
        {
            json.WriteIfSet("metadata"u8, given);
            return;
        }

        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
    }

    private static void WriteError(ReplyStatus status, Fault? fault, Utf8JsonWriter json)
    {
        if (status != ReplyStatus.Failed)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, (fault is null ? null : OpenAIFaults.CodeOf(fault)) ?? "server_error");
        json.WriteString("message"u8, fault?.Message ?? "The answer failed.");
        json.WriteEndObject();
    }

    private static void WriteIncomplete(ReplyStatus status, Reply reply, Utf8JsonWriter json)
    {
        if (status != ReplyStatus.Incomplete)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, Finished(reply, FinishReason.ContentFilter) ? "content_filter"u8 : "max_output_tokens"u8);
        json.WriteEndObject();
    }

    private static ReplyStatus StatusOf(Reply reply) =>
        reply.Status == ReplyStatus.Completed && (Finished(reply, FinishReason.Length) || Finished(reply, FinishReason.ContentFilter))
            ? ReplyStatus.Incomplete
            : reply.Status;

    private static bool Finished(Reply reply, FinishReason reason)
    {
        foreach (var choice in reply.Choices)
        {
            if (choice.Finish == reason)
            {
                return true;
            }
        }

        return false;
    }

    public static string Word(ReplyStatus status) =>
        status switch
        {
            ReplyStatus.Queued => "queued",
            ReplyStatus.InProgress => "in_progress",
            ReplyStatus.Incomplete => "incomplete",
            ReplyStatus.Failed => "failed",
            ReplyStatus.Cancelled => "cancelled",
            _ => "completed",
        };
}
