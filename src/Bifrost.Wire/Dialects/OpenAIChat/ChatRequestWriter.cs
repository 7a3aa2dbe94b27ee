using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Writes a request. The order of members never varies: prompt caches of providers are keyed by bytes.</summary>
internal static class ChatRequestWriter
{
    /// <returns>Names of what could not be said.</returns>
    public static IReadOnlyList<string> Write(Conversation asked, string model, IBufferWriter<byte> output)
    {
        var losses = new List<string>();
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        ChatTurnWriter.Write(asked.Turns, json, losses);
        json.WriteIfSet("max_completion_tokens"u8, asked.Sampling.MaxTokens);
        SamplingFields.Write(asked.Sampling, json);
        if (asked.Count != 1)
        {
            json.WriteNumber("n"u8, asked.Count);
        }

        WriteTools(asked, json, losses);
        WriteFormat(asked.Format, json);
        WriteReasoning(asked.Reasoning, json, losses);
        json.WriteIfSet("verbosity"u8, asked.Verbosity);
        WriteStreaming(asked, json);
        json.WriteIfSet("user"u8, asked.User);
        json.WriteIfSet("metadata"u8, asked.Metadata);
        json.WriteIfSet("store"u8, asked.Store);
        foreach (var (name, value) in asked.Extensions.Fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
        AddUnless(!asked.Background, "background", losses);
        AddUnless(asked.PreviousReplyId is null, "previous_response_id", losses);
        return losses;
    }

    private static void AddUnless(bool sayable, string name, List<string> losses)
    {
        if (!sayable)
        {
            losses.Add(name);
        }
    }

    private static void WriteStreaming(Conversation asked, Utf8JsonWriter json)
    {
        if (!asked.Streams)
        {
            return;
        }

        json.WriteBoolean("stream"u8, true);
        if (asked.IncludeUsage)
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }
    }

    private static void WriteTools(Conversation asked, Utf8JsonWriter json, List<string> losses)
    {
        if (asked.Tools.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            for (var i = 0; i < asked.Tools.Count; i++)
            {
                WriteTool(asked.Tools[i], i, json, losses);
            }

            json.WriteEndArray();
        }

        if (asked.ToolChoice is { } choice)
        {
            WriteChoice(choice, json, losses);
        }

        json.WriteIfSet("parallel_tool_calls"u8, asked.ParallelToolCalls);
    }

    private static void WriteTool(Tool tool, int index, Utf8JsonWriter json, List<string> losses)
    {
        if (tool.Kind != "function")
        {
            if (IsOurs(tool.Json, tool.Kind))
            {
                tool.Json.WriteTo(json);
                return;
            }

            losses.Add($"tools[{index}]");
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        json.WriteIfSet("description"u8, tool.Description);
        json.WriteIfSet("parameters"u8, tool.Parameters);
        json.WriteIfSet("strict"u8, tool.Strict);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(ToolChoice choice, Utf8JsonWriter json, List<string> losses)
    {
        switch (choice.Mode)
        {
            case "function":
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, choice.Name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case "other" when choice.Json.TextOf("type") is { } kind && IsOurs(choice.Json, kind):
                json.WriteIfSet("tool_choice"u8, choice.Json);
                break;
            case "other":
                losses.Add("tool_choice");
                break;
            default:
                json.WriteString("tool_choice"u8, choice.Mode);
                break;
        }
    }

    // Chat nests what a tool is under a member named like its type; Responses does not.
    private static bool IsOurs(JsonElement json, string kind) => json.ObjectOf(kind) is not null;

    private static void WriteFormat(ReplyFormat? format, Utf8JsonWriter json)
    {
        if (format is null)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Kind);
        if (format.Kind == "json_schema")
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.Name ?? "reply");
            json.WriteIfSet("schema"u8, format.Schema);
            json.WriteIfSet("strict"u8, format.Strict);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteReasoning(ReasoningAsk? reasoning, Utf8JsonWriter json, List<string> losses)
    {
        json.WriteIfSet("reasoning_effort"u8, reasoning?.Effort);
        AddUnless(reasoning?.MaxTokens is null, "reasoning.max_tokens", losses);
        AddUnless(reasoning?.Summary is null, "reasoning.summary", losses);
    }
}
