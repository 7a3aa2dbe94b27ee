using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Reads the items of <c>input</c> into turns. What the model said arrives as separate items (reasoning, message, calls); those that
/// follow each other are one assistant turn, as other dialects need it: a second message begins a second turn.</summary>
internal sealed class ResponsesItemReader(List<Turn> turns)
{
    private List<Block>? _assistant;
    private bool _hasSpoken;

    public void Read(Fields item, JsonElement json)
    {
        switch (item.Text("type") ?? "message")
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call":
                var callId = item.Text("call_id", required: true) ?? "";
                var name = item.Text("name", required: true) ?? "";
                Assistant().Add(new ToolCallBlock(callId, name, item.Text("arguments") ?? ""));
                break;
            case "function_call_output":
                ReadResult(item);
                break;
            case "reasoning":
                var text = ReasoningText(json);
                StartAssistantUnlessSilent();
                Assistant().Add(new ReasoningBlock(text, item.Text("encrypted_content")));
                break;
            default:
                Other(Role.User, [new ForeignBlock(OpenAIResponsesDialect.ItemDialect, json)], null);
                break;
        }
    }

    /// <summary>The thought itself where it is shown, else its summary.</summary>
    internal static string ReasoningText(JsonElement item)
    {
        var content = Join(item.ArrayOf("content"));
        return content.Length > 0 ? content : Join(item.ArrayOf("summary"));
    }

    private static string Join(JsonElement? parts)
    {
        var text = "";
        if (parts is { } array)
        {
            foreach (var part in array.EnumerateArray())
            {
                var piece = part.TextOf("text");
                text = text.Length > 0 && piece is not null ? $"{text}\n\n{piece}" : text + piece;
            }
        }

        return text;
    }

    private void ReadMessage(Fields item)
    {
        if (!item.Has("role"))
        {
            item.Mistake("role", $"`{item.PathOf("role")}` is required.", "missing_required_parameter");
            return;
        }

        var name = item.Text("name");
        switch (item.OneOf("role", "user", "system", "developer", "assistant"))
        {
            case "assistant":
                StartAssistantUnlessSilent();
                Assistant(name).AddRange(Content(item, "content"));
                _hasSpoken = true;
                break;
            case "user":
                Other(Role.User, Content(item, "content"), name);
                break;
            case "system":
                Other(Role.System, Content(item, "content"), name);
                break;
            case "developer":
                Other(Role.Developer, Content(item, "content"), name);
                break;
        }
    }

    private void ReadResult(Fields item)
    {
        var callId = item.Text("call_id", required: true) ?? "";
        Other(Role.Tool, [new ToolResultBlock(callId, Content(item, "output"))], null);
    }

    private static List<Block> Content(Fields item, string name)
    {
        var blocks = new List<Block>();
        if (item.Any(name) is not { } content)
        {
            item.Mistake(name, $"`{item.PathOf(name)}` is required.", "missing_required_parameter");
            return blocks;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            blocks.Add(new TextBlock(content.GetString()!));
            return blocks;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            item.WrongType(name, content, "a string or an array of parts");
            return blocks;
        }

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var at = $"{name}[{index++}]";
            if (part.ValueKind != JsonValueKind.Object)
            {
                item.WrongType(at, part, "an object");
            }
            else if (ResponsesPartReader.Read(item.Within(part, at), part) is { } block)
            {
                blocks.Add(block);
            }
        }

        return blocks;
    }

    private void Other(Role role, List<Block> blocks, string? name)
    {
        _assistant = null;
        turns.Add(new Turn(role, blocks) { Name = name });
    }

    private List<Block> Assistant(string? name = null)
    {
        if (_assistant is null)
        {
            _assistant = [];
            _hasSpoken = false;
            turns.Add(new Turn(Role.Assistant, _assistant) { Name = name });
        }

        return _assistant;
    }

    private void StartAssistantUnlessSilent() => _assistant = _hasSpoken ? null : _assistant;
}
