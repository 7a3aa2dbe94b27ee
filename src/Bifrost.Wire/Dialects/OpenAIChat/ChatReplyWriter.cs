using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

internal static class ChatReplyWriter
{
    public static void Write(Reply reply, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("id"u8, ReplyIds.With(ReplyIds.Chat, reply.Id));
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, reply.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("model"u8, reply.Model);
        json.WriteStartArray("choices"u8);
        foreach (var choice in reply.Choices)
        {
            WriteChoice(choice, json);
        }

        json.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usage"u8);
            OpenAIUsage.WriteChat(usage, json);
        }

        json.WriteEndObject();
    }

    private static void WriteChoice(Choice choice, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        WriteMessage(choice.Blocks, json);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, choice.Finish is { } finish ? FinishReasons.Word(finish) : null);
        json.WriteEndObject();
    }

    private static void WriteMessage(IReadOnlyList<Block> blocks, Utf8JsonWriter json)
    {
        StringBuilder? text = null;
        StringBuilder? reasoning = null;
        StringBuilder? refusal = null;
        var calls = 0;
        foreach (var block in blocks)
        {
            _ = block switch
            {
                TextBlock piece => (text ??= new()).Append(piece.Text),
                ReasoningBlock piece => (reasoning ??= new()).Append(piece.Text),
                RefusalBlock piece => (refusal ??= new()).Append(piece.Text),
                _ => null,
            };
            calls += block is ToolCallBlock ? 1 : 0;
        }

        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, text?.ToString() ?? (calls == 0 && refusal is null ? "" : null));
        json.WriteIfSet("reasoning_content"u8, reasoning?.ToString());
        if (calls > 0)
        {
            WriteCalls(blocks, json);
        }

        json.WriteString("refusal"u8, refusal?.ToString());
        json.WriteEndObject();
    }

    private static void WriteCalls(IReadOnlyList<Block> blocks, Utf8JsonWriter json)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var block in blocks)
        {
            if (block is ToolCallBlock call)
            {
                ChatTurnWriter.WriteCall(call, json);
            }
        }

        json.WriteEndArray();
    }
}
