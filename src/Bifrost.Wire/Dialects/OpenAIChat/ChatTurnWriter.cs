using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Writes <c>messages</c>. Each tool result becomes a message of its own.</summary>
internal static class ChatTurnWriter
{
    public static void Write(IReadOnlyList<Turn> turns, Utf8JsonWriter json, List<string> losses)
    {
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < turns.Count; i++)
        {
            Write(turns[i], $"messages[{i}]", json, losses);
        }

        json.WriteEndArray();
    }

    private static void Write(Turn turn, string path, Utf8JsonWriter json, List<string> losses)
    {
        var content = new List<Block>(turn.Blocks.Count);
        var calls = new List<Block>();
        foreach (var block in turn.Blocks)
        {
            switch (block)
            {
                case ToolResultBlock result:
                    WriteResult(result, path, json, losses);
                    break;
                case ToolCallBlock:
                case ForeignBlock { Dialect: OpenAIChatDialect.DialectName } foreign when IsCall(turn, foreign):
                    calls.Add(block);
                    break;
                case not null when CanSay(turn.Role, block):
                    content.Add(block);
                    break;
                default:
                    losses.Add($"{path}.{NameOf(block)}");
                    break;
            }
        }

        if (content.Count > 0 || calls.Count > 0)
        {
            WriteMessage(turn, content, calls, json);
        }
    }

    private static void WriteMessage(Turn turn, List<Block> content, List<Block> calls, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, Word(turn.Role));
        json.WriteIfSet("name"u8, turn.Name);
        if (content is [RefusalBlock refusal])
        {
            json.WriteNull("content"u8);
            json.WriteString("refusal"u8, refusal.Text);
        }
        else if (content.Count > 0)
        {
            WriteContent(content, json);
        }
        else
        {
            json.WriteNull("content"u8);
        }

        WriteCalls(calls, json);
        json.WriteEndObject();
    }

    private static void WriteResult(ToolResultBlock result, string path, Utf8JsonWriter json, List<string> losses)
    {
        var content = new List<Block>(result.Content.Count);
        foreach (var block in result.Content)
        {
            if (block is TextBlock or ForeignBlock { Dialect: OpenAIChatDialect.DialectName })
            {
                content.Add(block);
            }
            else
            {
                losses.Add($"{path}.{NameOf(block)}");
            }
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        WriteContent(content, json);
        json.WriteEndObject();
    }

    private static void WriteContent(List<Block> content, Utf8JsonWriter json)
    {
        if (content is [TextBlock only])
        {
            json.WriteString("content"u8, only.Text);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var block in content)
        {
            ChatPartWriter.Write(block, json);
        }

        json.WriteEndArray();
    }

    private static void WriteCalls(List<Block> calls, Utf8JsonWriter json)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var block in calls)
        {
            if (block is ToolCallBlock call)
            {
                WriteCall(call, json);
            }
            else if (block is ForeignBlock foreign)
            {
                foreign.Json.WriteTo(json);
            }
        }

        json.WriteEndArray();
    }

    internal static void WriteCall(ToolCallBlock call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.Id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool IsCall(Turn turn, ForeignBlock foreign) => turn.Role == Role.Assistant && foreign.Json.TextOf("type") == "custom";

    private static bool CanSay(Role role, Block block) =>
        block switch
        {
            TextBlock => true,
            RefusalBlock => role == Role.Assistant,
            ImageBlock { Source: Canonical.UrlSource or Canonical.InlineSource } => role == Role.User,
            AudioBlock { Source: Canonical.InlineSource } => role == Role.User,
            FileBlock { Source: Canonical.InlineSource or Canonical.FileIdSource } => role == Role.User,
            ForeignBlock { Dialect: OpenAIChatDialect.DialectName } => true,
            _ => false,
        };

    private static string NameOf(Block? block) =>
        block switch
        {
            ReasoningBlock => "reasoning",
            RefusalBlock => "refusal",
            ImageBlock => "image",
            AudioBlock => "audio",
            FileBlock => "file",
            _ => "content",
        };

    private static ReadOnlySpan<byte> Word(Role role) =>
        role switch
        {
            Role.System => "system"u8,
            Role.Developer => "developer"u8,
            Role.Assistant => "assistant"u8,
            Role.Tool => "tool"u8,
            _ => "user"u8,
        };
}
