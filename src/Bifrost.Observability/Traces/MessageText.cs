using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Observability.Traces;

/// <summary>Conversations as the GenAI conventions write them into an attribute: a list of messages with a role and parts, as JSON. Text is taken over, other
/// parts by their type alone.</summary>
internal static class MessageText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null where there are no messages, or the body was cut off.</summary>
    public static string? OfRequest(byte[] body)
    {
        if (Read(body) is not JsonObject request)
        {
            return null;
        }

        var said = request["messages"] ?? request["input"] ?? request["prompt"];
        var messages = said switch
        {
            JsonArray list when list.All(m => m is JsonObject) => [.. list.Select(m => Message(m!.AsObject(), "user"))],
            JsonValue one when Text(one) is { } text => [Of("user", [TextPart(text)])],
            _ => (JsonArray)[],
        };
        if (messages.Count > 0 && Text(request["instructions"]) is { } instructions)
        {
            messages.Insert(0, Of("system", [TextPart(instructions)]));
        }

        return Written(messages);
    }

    /// <summary>Of a whole answer, or of the text that a stream has brought.</summary>
    public static string? OfAnswer(byte[] body)
    {
        var read = Read(body);
        if (read is null)
        {
            return Written([Of("assistant", [TextPart(Encoding.UTF8.GetString(body))])]);
        }

        var messages = new JsonArray();
        foreach (var choice in (read as JsonObject)?["choices"] as JsonArray ?? [])
        {
            if (choice is JsonObject told)
            {
                var message = told["message"] is JsonObject said ? Message(said, "assistant") : Of("assistant", Parts(told["text"]));
                message["finish_reason"] = Text(told["finish_reason"]);
                messages.Add((JsonNode)message);
            }
        }

        foreach (var item in (read as JsonObject)?["output"] as JsonArray ?? [])
        {
            if (item is JsonObject { } told && told["content"] is not null)
            {
                messages.Add((JsonNode)Message(told, "assistant"));
            }
        }

        return Written(messages);
    }

    private static JsonObject Message(JsonObject message, string role)
    {
        var parts = Parts(message["content"]);
        foreach (var call in message["tool_calls"] as JsonArray ?? [])
        {
            parts.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["type"] = "tool_call",
                        ["id"] = Text(call?["id"]),
                        ["name"] = Text(call?["function"]?["name"]),
                        ["arguments"] = Text(call?["function"]?["arguments"]),
                    }
            );
        }

        return Of(Text(message["role"]) ?? role, parts);
    }

    private static JsonArray Parts(JsonNode? content) =>
        content switch
        {
            JsonArray parts =>
            [
                .. parts.OfType<JsonObject>().Select(p => (JsonNode)(Text(p["text"]) is { } text ? TextPart(text) : Other(p))),
            ],
            _ when Text(content) is { } text => [TextPart(text)],
            _ => [],
        };

    private static JsonObject Of(string role, JsonArray parts) => new() { ["role"] = role, ["parts"] = parts };

    private static JsonObject TextPart(string text) => new() { ["type"] = "text", ["content"] = text };

    private static JsonObject Other(JsonObject part) => new() { ["type"] = Text(part["type"]) ?? "unknown" };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Written(JsonArray messages) => messages.Count == 0 ? null : messages.ToJsonString(Plain);

    private static JsonNode? Read(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
