using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Reads one of the <c>messages</c>. Legacy function calls have no ids; the function's name stands in on both ends.</summary>
internal static class ChatTurnReader
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <returns>Null when the role is wrong, which is then a mistake.</returns>
    public static Turn? Read(Fields message)
    {
        if (!message.Has("role"))
        {
            message.Mistake("role", $"`{message.PathOf("role")}` is required.", "missing_required_parameter");
            return null;
        }

        var name = message.Text("name");
        return message.OneOf("role", Roles) switch
        {
            "system" => new Turn(Role.System, Content(message)) { Name = name },
            "developer" => new Turn(Role.Developer, Content(message)) { Name = name },
            "user" => new Turn(Role.User, Content(message)) { Name = name },
            "assistant" => new Turn(Role.Assistant, Assistant(message)) { Name = name },
            "tool" => Result(message, message.Text("tool_call_id", required: true)),
            "function" => Result(message, message.Text("name", required: true)),
            _ => null,
        };
    }

    private static Turn Result(Fields message, string? callId) => new(Role.Tool, [new ToolResultBlock(callId ?? "", Content(message))]);

    private static List<Block> Content(Fields message)
    {
        var blocks = new List<Block>();
        if (!message.Has("content"))
        {
            message.Mistake("content", $"`{message.PathOf("content")}` is required.", "missing_required_parameter");
        }

        ReadContent(message, blocks);
        return blocks;
    }

    private static List<Block> Assistant(Fields message)
    {
        var blocks = new List<Block>();
        if ((message.Text("reasoning_content") ?? Lenient(message, "reasoning")) is { Length: > 0 } reasoning)
        {
            blocks.Add(new ReasoningBlock(reasoning));
        }

        ReadContent(message, blocks);
        if (message.Text("refusal") is { } refusal)
        {
            blocks.Add(new RefusalBlock(refusal));
        }

        ReadCalls(message, blocks);
        if (blocks.Count == 0 && !message.Has("audio"))
        {
            message.Mistake(
                "content",
                $"`{message.PathOf("content")}` is required unless the message has `tool_calls`.",
                "missing_required_parameter"
            );
        }

        return blocks;
    }

    // Some servers answer with an object under this name, and callers send answers back as they came.
    private static string? Lenient(Fields message, string name) =>
        message.Any(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static void ReadContent(Fields message, List<Block> blocks)
    {
        if (message.Any("content") is not { } content)
        {
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            blocks.Add(new TextBlock(content.GetString()!));
            return;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            message.WrongType("content", content, "a string or an array of parts");
            return;
        }

        if (content.GetArrayLength() == 0)
        {
            message.Mistake("content", $"`{message.PathOf("content")}` must hold at least one part.", "empty_array");
        }

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var name = $"content[{index++}]";
            if (part.ValueKind != JsonValueKind.Object)
            {
                message.WrongType(name, part, "an object");
            }
            else if (ChatPartReader.Read(message.Within(part, name), part) is { } block)
            {
                blocks.Add(block);
            }
        }
    }

    private static void ReadCalls(Fields message, List<Block> blocks)
    {
        if (message.Object("function_call") is { } legacy)
        {
            var call = message.Within(legacy, "function_call");
            var name = call.Text("name", required: true) ?? "";
            blocks.Add(new ToolCallBlock(name, name, call.Text("arguments") ?? ""));
        }

        if (message.Array("tool_calls") is not { } calls)
        {
            return;
        }

        var index = 0;
        foreach (var json in calls.EnumerateArray())
        {
            var name = $"tool_calls[{index++}]";
            if (json.ValueKind != JsonValueKind.Object)
            {
                message.WrongType(name, json, "an object");
            }
            else
            {
                blocks.Add(Call(message.Within(json, name), json));
            }
        }
    }

    private static Block Call(Fields call, JsonElement json)
    {
        if (call.Text("type") is not (null or "function"))
        {
            return new ForeignBlock(OpenAIChatDialect.DialectName, json);
        }

        var id = call.Text("id", required: true) ?? "";
        if (call.Object("function") is not { } function)
        {
            call.Mistake("function", $"`{call.PathOf("function")}` is required.", "missing_required_parameter");
            return new ToolCallBlock(id, "", "");
        }

        var named = call.Within(function, "function");
        return new ToolCallBlock(id, named.Text("name", required: true) ?? "", named.Text("arguments") ?? "");
    }
}
