using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c> and their forerunners <c>functions</c> and <c>function_call</c>.</summary>
internal static class ChatToolReader
{
    public static IReadOnlyList<Tool> Tools(Fields fields)
    {
        var tools = new List<Tool>();
        Each(fields, "functions", tools, (function, json) => Function(function, json));
        Each(fields, "tools", tools, Tool);
        return tools.Count == 0 ? [] : tools;
    }

    public static ToolChoice? Choice(Fields fields)
    {
        var legacy = fields.Any("function_call");
        if (fields.Any("tool_choice") is { } choice)
        {
            return Choice(fields, "tool_choice", choice, "function");
        }

        return legacy is { } older ? Choice(fields, "function_call", older, null) : null;
    }

    private static ToolChoice? Choice(Fields fields, string name, JsonElement json, string? wrapper)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            var mode = fields.OneOf(name, "none", "auto", "required", "any");
            return mode is null ? null : new ToolChoice(mode == "any" ? "required" : mode, null, json);
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            fields.WrongType(name, json, "a string or an object");
            return null;
        }

        var choice = fields.Within(json, name);
        if (wrapper is not null)
        {
            if (choice.Text("type") is not (null or "function"))
            {
                return new ToolChoice("other", null, json);
            }

            if (choice.Object(wrapper) is not { } inner)
            {
                choice.Mistake(wrapper, $"`{choice.PathOf(wrapper)}` is required.", "missing_required_parameter");
                return null;
            }

            choice = choice.Within(inner, wrapper);
        }

        return choice.Text("name", required: true) is { } function ? new ToolChoice("function", function, json) : null;
    }

    private static void Each(Fields fields, string name, List<Tool> tools, Func<Fields, JsonElement, Tool?> read)
    {
        if (fields.Array(name) is not { } array)
        {
            return;
        }

        var index = 0;
        foreach (var json in array.EnumerateArray())
        {
            var at = $"{name}[{index++}]";
            if (json.ValueKind != JsonValueKind.Object)
            {
                fields.WrongType(at, json, "an object");
            }
            else if (read(fields.Within(json, at), json) is { } tool)
            {
                tools.Add(tool);
            }
        }
    }

    private static Tool? Tool(Fields tool, JsonElement json)
    {
        var kind = tool.Text("type", required: true);
        if (kind is null)
        {
            return null;
        }

        if (kind == "custom" && tool.Object("custom") is { } custom)
        {
            var named = tool.Within(custom, "custom");
            return new Tool(kind, named.Text("name", required: true), named.Text("description"), null, null, json);
        }

        if (kind != "function")
        {
            return new Tool(kind, null, null, null, null, json);
        }

        if (tool.Object("function") is not { } function)
        {
            tool.Mistake("function", $"`{tool.PathOf("function")}` is required.", "missing_required_parameter");
            return null;
        }

        return Function(tool.Within(function, "function"), json);
    }

    private static Tool Function(Fields function, JsonElement json) =>
        new(
            "function",
            function.Text("name", required: true, allowEmpty: false),
            function.Text("description"),
            function.Object("parameters"),
            function.Flag("strict"),
            json
        );
}
