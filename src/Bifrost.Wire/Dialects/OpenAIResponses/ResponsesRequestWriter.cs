using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes a request. The order of members never varies: prompt caches of providers are keyed by bytes.</summary>
internal static class ResponsesRequestWriter
{
    /// <returns>Names of what could not be said.</returns>
    public static IReadOnlyList<string> Write(Conversation asked, string model, IBufferWriter<byte> output)
    {
        var losses = new List<string>();
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        var instructions = ResponsesInput.Instructions(asked.Turns);
        json.WriteIfSet("instructions"u8, instructions);
        ResponsesInput.Write(asked.Turns, instructions is null ? 0 : 1, json, losses);
        json.WriteIfSet("max_output_tokens"u8, asked.Sampling.MaxTokens);
        json.WriteIfSet("temperature"u8, asked.Sampling.Temperature);
        json.WriteIfSet("top_p"u8, asked.Sampling.TopP);
        WriteTools(asked, json, losses);
        WriteReasoning(asked.Reasoning, json, losses);
        if (asked.Format is not null || asked.Verbosity is not null)
        {
            ResponsesToolWriter.WriteText(asked.Format, asked.Verbosity, json);
        }

        json.WriteIfSet("previous_response_id"u8, asked.PreviousReplyId);
        json.WriteIfSet("background"u8, asked.Background ? true : (bool?)null);
        json.WriteIfSet("store"u8, asked.Store);
        json.WriteIfSet("metadata"u8, asked.Metadata);
        json.WriteIfSet("user"u8, asked.User);
        json.WriteIfSet("stream"u8, asked.Streams ? true : (bool?)null);
        foreach (var (name, value) in asked.Extensions.Fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
        AddSamplingLosses(asked, losses);
        return losses;
    }

    private static void WriteTools(Conversation asked, Utf8JsonWriter json, List<string> losses)
    {
        if (asked.Tools.Count > 0)
        {
            ResponsesToolWriter.WriteTools(asked.Tools, json, losses);
        }

        if (asked.ToolChoice is { } choice && !ResponsesToolWriter.WriteChoice(choice, json))
        {
            losses.Add("tool_choice");
        }

        json.WriteIfSet("parallel_tool_calls"u8, asked.ParallelToolCalls);
    }

    private static void WriteReasoning(ReasoningAsk? reasoning, Utf8JsonWriter json, List<string> losses)
    {
        if (reasoning is null)
        {
            return;
        }

        json.WriteStartObject("reasoning"u8);
        json.WriteIfSet("effort"u8, reasoning.Effort);
        json.WriteIfSet("summary"u8, reasoning.Summary);
        json.WriteEndObject();
        if (reasoning.MaxTokens is not null)
        {
            losses.Add("reasoning.max_tokens");
        }
    }

    private static void AddSamplingLosses(Conversation asked, List<string> losses)
    {
        var sampling = asked.Sampling;
        Span<(bool Lost, string Name)> all =
        [
            (sampling.TopK is not null, "top_k"),
            (sampling.PresencePenalty is not null, "presence_penalty"),
            (sampling.FrequencyPenalty is not null, "frequency_penalty"),
            (sampling.Seed is not null, "seed"),
            (sampling.Stop.Count > 0, "stop"),
            (asked.Count != 1, "n"),
        ];
        foreach (var (lost, name) in all)
        {
            if (lost)
            {
                losses.Add(name);
            }
        }
    }
}
