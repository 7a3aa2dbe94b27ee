using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>The sampling members that chat and legacy completions share, with OpenAI's published ranges.</summary>
internal static class SamplingFields
{
    private const int MaxStops = 4;

    /// <param name="fields">The request.</param>
    /// <param name="maxTokens">Already read, because its name differs.</param>
    public static Sampling Read(Fields fields, int? maxTokens) =>
        new()
        {
            MaxTokens = maxTokens,
            Temperature = fields.Number("temperature", 0, 2),
            TopP = fields.Number("top_p", 0, 1),
            // Not OpenAI's, but every open-weights server has it; -1 and 0 switch it off there.
            TopK = fields.Integer("top_k", -1),
            PresencePenalty = fields.Number("presence_penalty", -2, 2),
            FrequencyPenalty = fields.Number("frequency_penalty", -2, 2),
            Seed = fields.Long("seed"),
            Stop = fields.Texts("stop", MaxStops),
        };

    /// <summary>Everything but the token limit.</summary>
    public static void Write(Sampling sampling, Utf8JsonWriter json)
    {
        json.WriteIfSet("temperature"u8, sampling.Temperature);
        json.WriteIfSet("top_p"u8, sampling.TopP);
        json.WriteIfSet("top_k"u8, sampling.TopK);
        json.WriteIfSet("presence_penalty"u8, sampling.PresencePenalty);
        json.WriteIfSet("frequency_penalty"u8, sampling.FrequencyPenalty);
        json.WriteIfSet("seed"u8, sampling.Seed);
        if (sampling.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in sampling.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    public static int? Choices(Fields fields) => fields.Integer("n", 1, 128);

    /// <summary>The member <c>include_usage</c> of <c>stream_options</c>.</summary>
    public static bool IncludesUsage(Fields fields) =>
        fields.Object("stream_options") is { } options && fields.Within(options, "stream_options").Flag("include_usage") == true;
}
