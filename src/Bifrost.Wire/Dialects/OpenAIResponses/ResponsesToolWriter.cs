using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes what requests and the response object that echoes them have in common: tools, format, reasoning.</summary>
internal static class ResponsesToolWriter
{
    public static void WriteTools(IReadOnlyList<Tool> tools, Utf8JsonWriter json, List<string>? losses)
    {
        json.WriteStartArray("tools"u8);
        for (var i = 0; i < tools.Count; i++)
        {
            var tool = tools[i];
            if (tool.Kind == "function")
            {
                WriteFunction(tool, json);
            }
            else if (IsOurs(tool.Json, tool.Kind))
            {
                tool.Json.WriteTo(json);
            }
            else
            {
                losses?.Add($"tools[{i}]");
            }
        }

        json.WriteEndArray();
    }

    /// <returns>False when the choice has no words here; nothing is written then.</returns>
    public static bool WriteChoice(ToolChoice choice, Utf8JsonWriter json)
    {
        switch (choice.Mode)
        {
            case "function":
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteString("name"u8, choice.Name);
                json.WriteEndObject();
                return true;
            case "other" when choice.Json.TextOf("type") is not { } kind || !IsOurs(choice.Json, kind):
                return false;
            case "other":
                json.WriteIfSet("tool_choice"u8, choice.Json);
                return true;
            default:
                json.WriteString("tool_choice"u8, choice.Mode);
                return true;
        }
    }

    /// <summary>The value of <c>text</c>.</summary>
    public static void WriteText(ReplyFormat? format, string? verbosity, Utf8JsonWriter json)
    {
        json.WriteStartObject("text"u8);
        if (format is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, format.Kind);
            if (format.Kind == "json_schema")
            {
                json.WriteString("name"u8, format.Name ?? "reply");
                json.WriteIfSet("schema"u8, format.Schema);
                json.WriteIfSet("strict"u8, format.Strict);
            }

            json.WriteEndObject();
        }

        json.WriteIfSet("verbosity"u8, verbosity);
        json.WriteEndObject();
    }

    private static void WriteFunction(Tool tool, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, tool.Name);
        json.WriteIfSet("description"u8, tool.Description);
        json.WriteIfSet("parameters"u8, tool.Parameters);
        json.WriteIfSet("strict"u8, tool.Strict);
        json.WriteEndObject();
    }

    // Chat nests what a tool is under a member named like its type; here tools are flat.
    private static bool IsOurs(JsonElement json, string kind) => json.ValueKind == JsonValueKind.Object && json.ObjectOf(kind) is null;
}
