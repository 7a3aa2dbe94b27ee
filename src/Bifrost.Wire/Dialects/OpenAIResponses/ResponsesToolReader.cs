using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>, which are flat here.</summary>
internal static class ResponsesToolReader
{
    public static IReadOnlyList<Tool> Tools(Fields fields)
    {
        if (fields.Array("tools") is not { } array)
        {
            return [];
        }

        var tools = new List<Tool>(array.GetArrayLength());
        var index = 0;
        foreach (var json in array.EnumerateArray())
        {
            var name = $"tools[{index++}]";
            if (json.ValueKind != JsonValueKind.Object)
            {
                fields.WrongType(name, json, "an object");
            }
            else if (Tool(fields.Within(json, name), json) is { } tool)
            {
                tools.Add(tool);
            }
        }

        return tools;
    }

    public static ToolChoice? Choice(Fields fields)
    {
        if (fields.Any("tool_choice") is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String)
        {
            return fields.OneOf("tool_choice", "none", "auto", "required") is { } mode ? new ToolChoice(mode, null, json) : null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            fields.WrongType("tool_choice", json, "a string or an object");
            return null;
        }

        var choice = fields.Within(json, "tool_choice");
        if (choice.Text("type", required: true) != "function")
        {
            return new ToolChoice("other", null, json);
        }

        return choice.Text("name", required: true) is { } function ? new ToolChoice("function", function, json) : null;
    }

    private static Tool? Tool(Fields tool, JsonElement json) =>
        tool.Text("type", required: true) switch
        {
            null => null,
            "function" => new Tool(
                "function",
                tool.Text("name", required: true, allowEmpty: false),
                tool.Text("description"),
                tool.Object("parameters"),
                tool.Flag("strict"),
                json
            ),
            "custom" => new Tool("custom", tool.Text("name", required: true), tool.Text("description"), null, null, json),
            { } kind => new Tool(kind, null, null, null, null, json),
        };
}
