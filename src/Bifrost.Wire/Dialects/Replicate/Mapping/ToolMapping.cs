using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Tools, for the few models that take them; all others refuse, because a caller whose tools vanish waits for a call forever.</summary>
internal static class ToolMapping
{
    public static void Add(InputBuilder builder, Conversation conversation)
    {
        if (conversation.Tools.Count == 0)
        {
            return;
        }

        var forbidden = conversation.ToolChoice?.Mode == "none";
        if (builder.Schema.FirstOf("tools") is not { } input || builder.Schema.IsOpen)
        {
            Without(builder, conversation.Tools, forbidden);
            return;
        }

        var list = new JsonArray();
        foreach (var tool in conversation.Tools)
        {
            if (!WebSearch(builder, tool))
            {
                list.Add(Write(tool));
            }
        }

        if (list.Count > 0)
        {
            builder.Set(input.Name, list, "tools");
        }

        if (conversation.ToolChoice is { } choice && choice.Mode != "auto")
        {
            Choice(builder, choice);
        }
    }

    private static void Without(InputBuilder builder, IReadOnlyList<Tool> tools, bool forbidden)
    {
        foreach (var tool in tools)
        {
            if (WebSearch(builder, tool))
            {
                continue;
            }

            if (!forbidden)
            {
                builder.Refuse(
                    Fault.Unsupported($"{builder.Model} cannot call tools. Leave `tools` out or choose another model.", "tools")
                );
                return;
            }

            builder.Dropped("tools");
        }
    }

    private static bool WebSearch(InputBuilder builder, Tool tool)
    {
        if (!tool.Kind.StartsWith("web_search", StringComparison.Ordinal) || !builder.Schema.TryGet("enable_web_search", out var input))
        {
            return false;
        }

        builder.Set(input.Name, JsonValue.Create(true), "tools");
        return true;
    }

    private static void Choice(InputBuilder builder, ToolChoice choice)
    {
        if (builder.Schema.TryGet("tool_choice", out var input))
        {
            builder.Set(input.Name, Nodes.Of(choice.Json), "tool_choice");
        }
        else
        {
            builder.Dropped("tool_choice");
        }
    }

    // The flat form of the Responses API, whichever form the caller used.
    private static JsonNode Write(Tool tool)
    {
        if (tool.Kind != "function" || tool.Name is null)
        {
            return Nodes.Of(tool.Json);
        }

        var written = new JsonObject { ["type"] = Nodes.Of("function"), ["name"] = Nodes.Of(tool.Name) };
        if (tool.Description is { } description)
        {
            written["description"] = Nodes.Of(description);
        }

        if (tool.Parameters is { } parameters)
        {
            written["parameters"] = Nodes.Of(parameters);
        }

        if (tool.Strict is { } strict)
        {
            written["strict"] = JsonValue.Create(strict);
        }

        return written;
    }
}
