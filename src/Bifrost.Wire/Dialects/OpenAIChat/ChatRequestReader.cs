using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

internal static class ChatRequestReader
{
    public static Outcome<Conversation> Read(ReadOnlyMemory<byte> body)
    {
        if (JsonBody.ReadObject(body).Failed(out var broken, out var json))
        {
            return broken;
        }

        var fields = new Fields(json);
        // The gateway's own member: other models to try.
        fields.Ignore("fallbacks");
        var model = fields.Text("model", required: true, allowEmpty: false);
        var maxTokens = fields.Integer("max_tokens", 1);
        var user = fields.Text("user");
        var safetyIdentifier = fields.Text("safety_identifier");
        var conversation = new Conversation
        {
            Model = model ?? "",
            Turns = Turns(fields),
            Sampling = SamplingFields.Read(fields, fields.Integer("max_completion_tokens", 1) ?? maxTokens),
            Tools = ChatToolReader.Tools(fields),
            ToolChoice = ChatToolReader.Choice(fields),
            ParallelToolCalls = fields.Flag("parallel_tool_calls"),
            Format = Format(fields),
            Reasoning = Reasoning(fields),
            Verbosity = fields.OneOf("verbosity", "low", "medium", "high"),
            Count = SamplingFields.Choices(fields) ?? 1,
            Streams = fields.Flag("stream") ?? false,
            IncludeUsage = SamplingFields.IncludesUsage(fields),
            User = user ?? safetyIdentifier,
            Store = fields.Flag("store"),
            Metadata = fields.Object("metadata"),
        };
        return fields.Mistakes is { } mistakes ? mistakes : conversation with { Extensions = fields.Rest() };
    }

    private static List<Turn> Turns(Fields fields)
    {
        var turns = new List<Turn>();
        if (!fields.Has("messages"))
        {
            fields.Mistake("messages", "`messages` is required.", "missing_required_parameter");
            return turns;
        }

        if (fields.Array("messages") is not { } messages)
        {
            return turns;
        }

        if (messages.GetArrayLength() == 0)
        {
            fields.Mistake("messages", "`messages` must hold at least one message.", "empty_array");
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var name = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                fields.WrongType(name, message, "an object");
            }
            else if (ChatTurnReader.Read(fields.Within(message, name)) is { } turn)
            {
                turns.Add(turn);
            }
        }

        return turns;
    }

    private static ReplyFormat? Format(Fields fields)
    {
        if (fields.Object("response_format") is not { } json)
        {
            return null;
        }

        var format = fields.Within(json, "response_format");
        var kind = format.OneOf("type", "text", "json_object", "json_schema");
        if (kind != "json_schema")
        {
            return new ReplyFormat(kind ?? "text");
        }

        if (format.Object("json_schema") is not { } wrapped)
        {
            format.Mistake("json_schema", $"`{format.PathOf("json_schema")}` is required.", "missing_required_parameter");
            return null;
        }

        var schema = format.Within(wrapped, "json_schema");
        return new ReplyFormat(kind, schema.Text("name", required: true), schema.Object("schema"), schema.Flag("strict"));
    }

    private static ReasoningAsk? Reasoning(Fields fields)
    {
        var effort = ReasoningFields.Effort(fields, "reasoning_effort");
        if (fields.Object("reasoning") is not { } json)
        {
            return effort is null ? null : new ReasoningAsk(effort);
        }

        return ReasoningFields.Read(fields.Within(json, "reasoning"), effort);
    }
}
