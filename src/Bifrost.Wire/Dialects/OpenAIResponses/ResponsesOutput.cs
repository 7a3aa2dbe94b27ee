using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes output items. Their ids follow from the reply's id and their place, so that a stream and the same response fetched later
/// name them alike.</summary>
internal static class ResponsesOutput
{
    public static string MessageId(string replyId, int index) => $"msg_{ReplyIds.Without(ReplyIds.Response, replyId)}_{index}";

    public static string ReasoningId(string replyId, int index) => $"rs_{ReplyIds.Without(ReplyIds.Response, replyId)}_{index}";

    public static string CallId(string replyId, int index) => $"fc_{ReplyIds.Without(ReplyIds.Response, replyId)}_{index}";

    public static void Write(IReadOnlyList<Choice> choices, string replyId, ReplyStatus status, Utf8JsonWriter json)
    {
        var word = ItemStatus(status);
        var index = 0;
        json.WriteStartArray("output"u8);
        foreach (var choice in choices)
        {
            var at = 0;
            while (at < choice.Blocks.Count)
            {
                if (IsForeign(choice.Blocks[at]))
                {
                    at++;
                }
                else
                {
                    at = WriteItem(choice.Blocks, at, replyId, index++, word, json);
                }
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the item that begins with the block at <paramref name="at"/>; parts of a message that follow each other are one item.</summary>
    /// <returns>Where the next item begins.</returns>
    private static int WriteItem(IReadOnlyList<Block> blocks, int at, string replyId, int index, string status, Utf8JsonWriter json)
    {
        switch (blocks[at])
        {
            case ReasoningBlock reasoning:
                WriteReasoning(ReasoningId(replyId, index), reasoning, json);
                return at + 1;
            case ToolCallBlock call:
                WriteCall(CallId(replyId, index), call, status, json);
                return at + 1;
            case ForeignBlock { Dialect: OpenAIResponsesDialect.ItemDialect } foreign:
                foreign.Json.WriteTo(json);
                return at + 1;
        }

        StartMessage(MessageId(replyId, index), status, json);
        while (at < blocks.Count && blocks[at] is not (ReasoningBlock or ToolCallBlock or ForeignBlock))
        {
            WritePart(blocks[at++], json);
        }

        EndMessage(json);
        return at;
    }

    private static bool IsForeign(Block block) => block is ForeignBlock { Dialect: not OpenAIResponsesDialect.ItemDialect };

    // Whatever stopped before its end leaves its items incomplete.
    private static string ItemStatus(ReplyStatus status) =>
        status switch
        {
            ReplyStatus.Completed => "completed",
            ReplyStatus.Queued or ReplyStatus.InProgress => "in_progress",
            _ => "incomplete",
        };

    public static void StartMessage(string id, string status, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, status);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
    }

    public static void EndMessage(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WritePart(Block block, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (block is RefusalBlock refusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, refusal.Text);
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteString("text"u8, (block as TextBlock)?.Text ?? "");
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static void WriteReasoning(string id, ReasoningBlock reasoning, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "reasoning"u8);
        ResponsesPartWriter.WriteSummary(reasoning.Text, json);
        if (reasoning.Signature is not null)
        {
            json.WriteString("encrypted_content"u8, reasoning.Signature);
        }

        json.WriteEndObject();
    }

    public static void WriteCall(string id, ToolCallBlock call, string status, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("status"u8, status);
        json.WriteString("call_id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Arguments);
        json.WriteEndObject();
    }
}
