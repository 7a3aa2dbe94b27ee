using Bifrost.Core.Contracts;

namespace Bifrost.Observability.Traces;

/// <summary>Names of OpenTelemetry's semantic conventions for generative AI, as they stand in November 2026 (semantic-conventions-genai, status Development),
/// and the words that they use for our operations.</summary>
internal static class GenAI
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string RequestChoices = "gen_ai.request.choice.count";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string OutputType = "gen_ai.output.type";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_write.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string AudioInputTokens = "gen_ai.usage.audio.input_tokens";
    public const string AudioOutputTokens = "gen_ai.usage.audio.output_tokens";
    public const string ImageInputTokens = "gen_ai.usage.image.input_tokens";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";

    /// <summary>The conventions' word where they have one, else ours.</summary>
    public static string OperationOf(Operation operation) =>
        operation switch
        {
            Operation.Chat or Operation.Response => "chat",
            Operation.Completion => "text_completion",
            Operation.Embedding => "embeddings",
            Operation.ImageGeneration or Operation.ImageEdit => "generate_content",
            _ => operation.Word(),
        };

    /// <summary>What kind of thing is asked for, or null where the conventions have no word.</summary>
    public static string? OutputTypeOf(Operation operation) =>
        operation switch
        {
            Operation.Chat or Operation.Response or Operation.Completion or Operation.Transcription or Operation.Translation => "text",
            Operation.ImageGeneration or Operation.ImageEdit => "image",
            _ => null,
        };
}
