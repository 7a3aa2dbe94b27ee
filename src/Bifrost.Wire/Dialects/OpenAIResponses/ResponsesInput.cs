using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes turns as <c>input</c> items.</summary>
internal static class ResponsesInput
{
    /// <summary>A first system turn of plain text is what <c>instructions</c> says.</summary>
    public static string? Instructions(IReadOnlyList<Turn> turns) =>
        turns is [{ Role: Role.System, Name: null, Blocks: [TextBlock text] }, ..] ? text.Text : null;

    public static void Write(IReadOnlyList<Turn> turns, int skip, Utf8JsonWriter json, List<string> losses)
    {
        json.WriteStartArray("input"u8);
        for (var i = skip; i < turns.Count; i++)
        {
            if (turns[i].Name is not null)
            {
                losses.Add($"messages[{i}].name");
            }

            WriteTurn(turns[i], $"messages[{i}]", json, losses);
        }

        json.WriteEndArray();
    }

    // Parts gather in a message until a block comes that is an item of its own.
    private static void WriteTurn(Turn turn, string path, Utf8JsonWriter json, List<string> losses)
    {
        var parts = new List<Block>(turn.Blocks.Count);
        foreach (var block in turn.Blocks)
        {
            if (block is ToolCallBlock or ToolResultBlock or ReasoningBlock or ForeignBlock { Dialect: OpenAIResponsesDialect.ItemDialect })
            {
                FlushMessage(turn.Role, parts, json);
                WriteItem(block, path, json, losses);
            }
            else if (ResponsesPartWriter.CanSay(turn.Role, block))
            {
                parts.Add(block);
            }
            else
            {
                losses.Add($"{path}.{ResponsesPartWriter.NameOf(block)}");
            }
        }

        FlushMessage(turn.Role, parts, json);
    }

    private static void FlushMessage(Role role, List<Block> parts, Utf8JsonWriter json)
    {
        if (parts.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, Word(role));
        WriteParts("content"u8, role, parts, json);
        json.WriteEndObject();
        parts.Clear();
    }

    private static void WriteItem(Block block, string path, Utf8JsonWriter json, List<string> losses)
    {
        if (block is ForeignBlock foreign)
        {
            foreign.Json.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        switch (block)
        {
            case ToolCallBlock call:
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("call_id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, call.Arguments);
                break;
            case ToolResultBlock result:
                json.WriteString("type"u8, "function_call_output"u8);
                json.WriteString("call_id"u8, result.CallId);
                WriteParts("output"u8, Role.Tool, Sayable(result, path, losses), json);
                break;
            case ReasoningBlock reasoning:
                json.WriteString("type"u8, "reasoning"u8);
                ResponsesPartWriter.WriteSummary(reasoning.Text, json);
                json.WriteIfSet("encrypted_content"u8, reasoning.Signature);
                break;
        }

        json.WriteEndObject();
    }

    private static List<Block> Sayable(ToolResultBlock result, string path, List<string> losses)
    {
        var parts = new List<Block>(result.Content.Count);
        foreach (var block in result.Content)
        {
            if (ResponsesPartWriter.CanSay(Role.Tool, block))
            {
                parts.Add(block);
            }
            else
            {
                losses.Add($"{path}.{ResponsesPartWriter.NameOf(block)}");
            }
        }

        return parts;
    }

    private static void WriteParts(ReadOnlySpan<byte> name, Role role, List<Block> parts, Utf8JsonWriter json)
    {
        if (parts is [TextBlock only])
        {
            json.WriteString(name, only.Text);
            return;
        }

        json.WriteStartArray(name);
        foreach (var part in parts)
        {
            ResponsesPartWriter.Write(role, part, json);
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> Word(Role role) =>
        role switch
        {
            Role.System => "system"u8,
            Role.Developer => "developer"u8,
            Role.Assistant => "assistant"u8,
            _ => "user"u8,
        };
}
