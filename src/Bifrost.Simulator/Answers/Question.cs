using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Finds what the user last said in any of the forms a prompt takes.</summary>
internal static class Question
{
    private const string LlamaUser = "<|start_header_id|>user<|end_header_id|>";
    private const string LlamaEnd = "<|eot_id|>";

    public static string Of(JsonObject input)
    {
        if (LastUserMessage(input["messages"]) is { } message)
        {
            return message;
        }

        if (LastUserMessage(input["input_item_list"]) is { } item)
        {
            return item;
        }

        foreach (var name in (string[])["prompt", "text", "input", "message", "question"])
        {
            if (input[name] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String)
            {
                return OfPrompt(value.ToString());
            }
        }

        return "";
    }

    /// <summary>The last user turn of a rendered conversation, or the whole prompt.</summary>
    public static string OfPrompt(string prompt) =>
        After(prompt, LlamaUser, LlamaEnd)
        ?? After(prompt, "[INST]", "[/INST]")
        ?? After(prompt, "\nUser:", "\nAssistant:")
        ?? (prompt.StartsWith("User:", StringComparison.Ordinal) ? After("\n" + prompt, "\nUser:", "\nAssistant:") : null)
        ?? prompt.Trim();

    private static string? After(string prompt, string opening, string closing)
    {
        var at = prompt.LastIndexOf(opening, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var rest = prompt[(at + opening.Length)..];
        var end = rest.IndexOf(closing, StringComparison.Ordinal);
        return (end < 0 ? rest : rest[..end]).Trim();
    }

    private static string? LastUserMessage(JsonNode? messages)
    {
        if (messages is not JsonArray list)
        {
            return null;
        }

        foreach (var message in list.Reverse().OfType<JsonObject>())
        {
            if (message["role"]?.ToString() == "user")
            {
                return TextOf(message["content"]);
            }
        }

        return null;
    }

    private static string TextOf(JsonNode? content)
    {
        if (content is not JsonArray parts)
        {
            return content?.ToString() ?? "";
        }

        var text = new StringBuilder();
        foreach (var part in parts.OfType<JsonObject>())
        {
            _ = text.Append(part["text"]?.ToString());
        }

        return text.ToString();
    }
}
