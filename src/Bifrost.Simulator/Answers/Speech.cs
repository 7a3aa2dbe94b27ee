using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Text answers: plainly simulated, repeatable, and about what was asked.</summary>
internal static class Speech
{
    private const int LongestEcho = 280;
    private const int TriedBraces = 64;

    /// <summary>How gateways and people put it when they want nothing but JSON.</summary>
    private static readonly ImmutableArray<string> AsksFor =
    [
        "schema",
        "only with",
        "only a",
        "valid JSON",
        "single JSON",
        "one JSON",
        "JSON object",
    ];

    private static readonly ImmutableArray<string> Remarks =
    [
        "No model was run and nothing was billed: the words come from Bifrost's built-in Replicate simulator, token by token, over the same protocol.",
        "Everything around this text is real: the routing, the stream, the token counts and the cost you see. Only the model is pretend.",
        "Add a Replicate token and the same request will reach the real model, with nothing else to change.",
        "Open the live view to watch this request walk through the gateway while the tokens arrive.",
    ];

    public static Answer Text(SimulatorModel model, JsonObject input, bool thinking)
    {
        var text = Compose(model, input);
        if (thinking)
        {
            text =
                $"<think>\nThe user says: \"{Shorten(Question.Of(input), 120)}\". I am a simulation, so I say so and stay brief.\n</think>\n\n"
                + text;
        }

        var asked = Tokens.Count(PromptText(input));
        var tokens = Limit(Tokens.Split(Stop(text, input)), input);
        return model.Schema.Shape == OutputShape.Text
            ? new Answer.Value(string.Concat(tokens), asked, tokens.Length)
            : new Answer.Pieces(tokens, asked);
    }

    public static Answer Structured(SimulatorModel model, JsonObject input)
    {
        var asked = Tokens.Count(PromptText(input));
        var answer = new JsonObject { ["response_id"] = "resp_simulated_" + Fingerprint(PromptText(input)) };
        if (input["json_schema"] is JsonObject { Count: > 0 } schema)
        {
            using var document = JsonDocument.Parse(schema.ToJsonString());
            answer["text"] = null;
            answer["json_output"] = Examples.Of(Unwrap(document.RootElement));
        }
        else if (input["tools"] is JsonArray { Count: > 0 } tools && FirstFunction(tools) is { } function)
        {
            answer["text"] = null;
            answer["tool_calls"] = new JsonArray(function);
        }
        else
        {
            answer["text"] = Compose(model, input);
            answer["json_output"] = null;
        }

        return new Answer.Value(answer, asked, Tokens.Count(answer.ToJsonString()));
    }

    private static JsonElement Unwrap(JsonElement schema) => schema.TryGetProperty("schema", out var inner) ? inner : schema;

    private static JsonObject? FirstFunction(JsonArray tools)
    {
        foreach (var tool in tools.OfType<JsonObject>())
        {
            var function = tool["function"] as JsonObject ?? tool;
            if (tool["type"]?.ToString() != "function" || function["name"] is not { } name)
            {
                continue;
            }

            using var parameters = JsonDocument.Parse(function["parameters"]?.ToJsonString() ?? "{}");
            var arguments = parameters.RootElement.TryGetProperty("properties", out _)
                ? Examples.Of(parameters.RootElement)
                : new JsonObject();
            return new JsonObject
            {
                ["type"] = "function_call",
                ["call_id"] = "call_simulated",
                ["name"] = name.ToString(),
                ["arguments"] = arguments?.ToJsonString(Protocol.Json) ?? "{}",
            };
        }

        return null;
    }

    private static string Compose(SimulatorModel model, JsonObject input)
    {
        var question = Question.Of(input);
        var prompt = PromptText(input);
        if (AsksForJson(prompt))
        {
            return SchemaIn(prompt) ?? "{\"answer\": \"simulated\"}";
        }

        var remark = Remarks[Fingerprint(question)[0] % Remarks.Length];
        var seen = HasPicture(input) ? " You also sent a picture, which a simulation can only admire." : "";
        var said = question.Length == 0 ? "You sent no text." : $"You said: \"{Shorten(question, LongestEcho)}\".";
        return $"This is a simulated answer from Bifrost's demo, standing in for {model.Id}. {said}{seen}\n\n{remark}";
    }

    private static bool AsksForJson(string prompt) =>
        prompt.Contains("JSON", StringComparison.Ordinal)
        && AsksFor.Any(words => prompt.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>An example for the first JSON schema that stands in the prompt, so that structured answers can be tried in the demo.</summary>
    private static string? SchemaIn(string prompt)
    {
        var tried = 0;
        for (var at = prompt.IndexOf('{', StringComparison.Ordinal); at >= 0 && tried++ < TriedBraces; at = prompt.IndexOf('{', at + 1))
        {
            var bytes = Encoding.UTF8.GetBytes(prompt[at..]);
            var reader = new Utf8JsonReader(bytes);
            try
            {
                if (JsonDocument.TryParseValue(ref reader, out var document))
                {
                    using (document)
                    {
                        var schema = Unwrap(document.RootElement);
                        return schema.TryGetProperty("properties", out _) ? Examples.Of(schema)!.ToJsonString(Protocol.Json) : null;
                    }
                }
            }
            catch (JsonException)
            {
                // Not JSON from here; the next brace may be.
            }
        }

        return null;
    }

    private static string PromptText(JsonObject input)
    {
        var text = new StringBuilder();
        foreach (var name in (string[])["system_prompt", "system_instruction", "instructions", "messages", "input_item_list", "prompt"])
        {
            if (input[name] is { } part)
            {
                _ = text.Append(part is JsonValue ? part.ToString() : part.ToJsonString(Protocol.Json)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool HasPicture(JsonObject input) =>
        input["image"] is not null || input["image_input"] is JsonArray { Count: > 0 } || input["images"] is JsonArray { Count: > 0 };

    private static ImmutableArray<string> Limit(ImmutableArray<string> tokens, JsonObject input)
    {
        foreach (var name in (string[])["max_tokens", "max_new_tokens", "max_completion_tokens", "max_output_tokens"])
        {
            if (input[name] is JsonValue value && value.TryGetValue(out int limit))
            {
                return tokens[..Math.Clamp(limit, 0, tokens.Length)];
            }
        }

        return tokens;
    }

    private static string Stop(string text, JsonObject input)
    {
        foreach (var stop in (input["stop_sequences"]?.ToString() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            text = at < 0 ? text : text[..at];
        }

        return text;
    }

    private static string Shorten(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        // A surrogate pair is not torn.
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";
    }

    private static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
