using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Chat;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>For models that take the conversation as a list instead of a prompt.</summary>
internal static class MessageMapping
{
    /// <summary>Role and text of each turn.</summary>
    public static JsonArray Messages(Conversation conversation)
    {
        var list = new JsonArray();
        foreach (var turn in conversation.Turns)
        {
            // A tool's result has no place among plain messages; as text of the user's it keeps its meaning.
            var role = turn.Role == Role.Tool ? Role.User : turn.Role;
            Put(list, Message(role, Talk.TextOf(turn.Blocks)));
        }

        return list;
    }

    /// <summary>Items of the Responses API, tool calls and their results included.</summary>
    /// <param name="conversation">The chat.</param>
    /// <param name="withSystem">Put system texts among the items too.</param>
    public static JsonArray Items(Conversation conversation, bool withSystem)
    {
        var list = new JsonArray();
        foreach (var turn in conversation.Turns)
        {
            if (withSystem || turn.Role is not (Role.System or Role.Developer))
            {
                Items(list, turn);
            }
        }

        return list;
    }

    private static void Items(JsonArray list, Turn turn)
    {
        var said = new List<Block>();
        foreach (var block in turn.Blocks)
        {
            switch (block)
            {
                case ToolCallBlock call:
                    Flush();
                    Put(
                        list,
                        new JsonObject
                        {
                            ["type"] = Nodes.Of("function_call"),
                            ["call_id"] = Nodes.Of(call.Id),
                            ["name"] = Nodes.Of(call.Name),
                            ["arguments"] = Nodes.Of(call.Arguments),
                        }
                    );
                    break;
                case ToolResultBlock result:
                    Flush();
                    Put(
                        list,
                        new JsonObject
                        {
                            ["type"] = Nodes.Of("function_call_output"),
                            ["call_id"] = Nodes.Of(result.CallId),
                            ["output"] = Nodes.Of(Talk.TextOf(result.Content)),
                        }
                    );
                    break;
                case ForeignBlock foreign:
                    Flush();
                    Put(list, Nodes.Of(foreign.Json));
                    break;
                default:
                    said.Add(block);
                    break;
            }
        }

        Flush();

        void Flush()
        {
            if (Talk.TextOf(said) is { Length: > 0 } text)
            {
                Put(list, Message(turn.Role == Role.Tool ? Role.User : turn.Role, text));
            }

            said.Clear();
        }
    }

    private static JsonObject Message(Role role, string text) =>
        new()
        {
            ["role"] = Nodes.Of(
                role switch
                {
                    Role.System => "system",
                    Role.Developer => "developer",
                    Role.Assistant => "assistant",
                    _ => "user",
                }
            ),
            ["content"] = Nodes.Of(text),
        };

    // The generic Add of JsonArray, which a JsonObject would choose, needs reflection.
    private static void Put(JsonArray list, JsonNode item) => list.Add(item);
}
