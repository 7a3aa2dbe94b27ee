using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Reads answers of OpenAI and of the many servers that resemble it.</summary>
internal static class ChatReplyReader
{
    public static Outcome<Reply> Read(ReadOnlySpan<byte> body, string model)
    {
        if (!UpstreamJson.TryReadObject(body, out var json))
        {
            return new Fault(FaultKind.UpstreamInvalid, "The provider's answer is not a JSON object.");
        }

        if (json.ArrayOf("choices") is not { } choices)
        {
            return json.ObjectOf("error") is { } error
                ? OpenAIFaults.Read(error)
                : new Fault(FaultKind.UpstreamInvalid, "The provider's answer has no `choices`.");
        }

        return new Reply
        {
            Id = ReplyIds.Without(ReplyIds.Chat, json.TextOf("id")),
            CreatedAt = json.TimeOf("created"),
            Model = model,
            Choices = Choices(choices),
            Usage = OpenAIUsage.TryRead(body, out var usage) ? usage : null,
        };
    }

    private static List<Choice> Choices(JsonElement array)
    {
        var choices = new List<Choice>(array.GetArrayLength());
        foreach (var json in array.EnumerateArray())
        {
            var blocks = json.ObjectOf("message") is { } message ? Blocks(message) : [];
            var finish = json.TextOf("finish_reason") is { } word ? FinishReasons.Read(word) : FinishReason.Stop;
            choices.Add(new Choice(json.IndexOf("index") ?? choices.Count, blocks, finish));
        }

        return choices;
    }

    private static List<Block> Blocks(JsonElement message)
    {
        var blocks = new List<Block>();
        if ((message.TextOf("reasoning_content") ?? message.TextOf("reasoning")) is { Length: > 0 } reasoning)
        {
            blocks.Add(new ReasoningBlock(reasoning));
        }

        if (Content(message) is { Length: > 0 } text)
        {
            blocks.Add(new TextBlock(text));
        }

        if (message.TextOf("refusal") is { Length: > 0 } refusal)
        {
            blocks.Add(new RefusalBlock(refusal));
        }

        if (message.ArrayOf("tool_calls") is { } calls)
        {
            foreach (var call in calls.EnumerateArray())
            {
                AddCall(blocks, call.TextOf("id"), call.ObjectOf("function"));
            }
        }

        AddCall(blocks, null, message.ObjectOf("function_call"));
        return blocks;
    }

    /// <summary>Content is a string, or (Mistral) an array whose text parts make it up.</summary>
    public static string? Content(JsonElement message)
    {
        if (message.ArrayOf("content") is not { } parts)
        {
            return message.TextOf("content");
        }

        var text = "";
        foreach (var part in parts.EnumerateArray())
        {
            text += part.TextOf("text");
        }

        return text;
    }

    private static void AddCall(List<Block> blocks, string? id, JsonElement? function)
    {
        if (function is { } named)
        {
            var name = named.TextOf("name") ?? "";
            blocks.Add(new ToolCallBlock(id ?? name, name, Arguments(named)));
        }
    }

    /// <summary>A string of JSON; some servers send the object itself.</summary>
    public static string Arguments(JsonElement function) =>
        function.TextOf("arguments") ?? function.ObjectOf("arguments")?.GetRawText() ?? "";
}
