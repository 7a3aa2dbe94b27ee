using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

internal static class ResponsesRequestReader
{
    public static Outcome<Conversation> Read(ReadOnlyMemory<byte> body)
    {
        if (JsonBody.ReadObject(body).Failed(out var broken, out var json))
        {
            return broken;
        }

        var fields = new Fields(json);
        // The gateway's own member, and options of streaming that only shape OpenAI's padding.
        fields.Ignore("fallbacks", "stream_options");
        var model = fields.Text("model", required: true, allowEmpty: false);
        var text = fields.Object("text") is { } wrapped ? fields.Within(wrapped, "text") : null;
        var user = fields.Text("user");
        var safetyIdentifier = fields.Text("safety_identifier");
        var conversation = new Conversation
        {
            Model = model ?? "",
            Turns = Turns(fields),
            Sampling = new Sampling
            {
                MaxTokens = fields.Integer("max_output_tokens", 1),
                Temperature = fields.Number("temperature", 0, 2),
                TopP = fields.Number("top_p", 0, 1),
            },
            Tools = ResponsesToolReader.Tools(fields),
            ToolChoice = ResponsesToolReader.Choice(fields),
            ParallelToolCalls = fields.Flag("parallel_tool_calls"),
            Format = Format(text),
            Reasoning = fields.Object("reasoning") is { } reasoning ? ReasoningFields.Read(fields.Within(reasoning, "reasoning")) : null,
            Verbosity = text?.OneOf("verbosity", "low", "medium", "high"),
            Streams = fields.Flag("stream") ?? false,
            User = user ?? safetyIdentifier,
            Background = fields.Flag("background") ?? false,
            PreviousReplyId = fields.Text("previous_response_id"),
            Store = fields.Flag("store"),
            Metadata = fields.Object("metadata"),
        };
        return fields.Mistakes is { } mistakes ? mistakes : conversation with { Extensions = fields.Rest() };
    }

    private static List<Turn> Turns(Fields fields)
    {
        var turns = new List<Turn>();
        if (fields.Text("instructions") is { } instructions)
        {
            turns.Add(new Turn(Role.System, [new TextBlock(instructions)]));
        }

        if (fields.Any("input") is not { } input)
        {
            fields.Mistake("input", "`input` is required.", "missing_required_parameter");
        }
        else if (input.ValueKind == JsonValueKind.String)
        {
            turns.Add(new Turn(Role.User, [new TextBlock(input.GetString()!)]));
        }
        else if (input.ValueKind != JsonValueKind.Array)
        {
            fields.WrongType("input", input, "a string or an array of items");
        }
        else
        {
            ReadItems(fields, input, turns);
        }

        return turns;
    }

    private static void ReadItems(Fields fields, JsonElement input, List<Turn> turns)
    {
        if (input.GetArrayLength() == 0)
        {
            fields.Mistake("input", "`input` must hold at least one item.", "empty_array");
        }

        var items = new ResponsesItemReader(turns);
        var index = 0;
        foreach (var item in input.EnumerateArray())
        {
            var name = $"input[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                fields.WrongType(name, item, "an object");
            }
            else
            {
                items.Read(fields.Within(item, name), item);
            }
        }
    }

    private static ReplyFormat? Format(Fields? text)
    {
        if (text?.Object("format") is not { } json)
        {
            return null;
        }

        var format = text.Within(json, "format");
        var kind = format.OneOf("type", "text", "json_object", "json_schema");
        return kind == "json_schema"
            ? new ReplyFormat(kind, format.Text("name", required: true), format.Object("schema"), format.Flag("strict"))
            : new ReplyFormat(kind ?? "text");
    }
}
