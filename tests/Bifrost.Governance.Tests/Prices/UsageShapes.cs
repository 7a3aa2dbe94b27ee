using System.Text;
using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Governance.Tests.Prices;

/// <summary>
/// Usage as providers write it, as our usage. OpenAI's and Replicate's shapes are read by their dialects. There are no dialects of Anthropic, Gemini
/// and Bedrock yet: what stands here is what they will have to do, because their input counts leave cached tokens out and Gemini's output
/// leaves thoughts out, while ours include them.
/// </summary>
internal static class UsageShapes
{
    public static Usage OpenAI(string answer) =>
        OpenAIUsage.TryRead(Encoding.UTF8.GetBytes(answer), out var usage) ? usage : throw new InvalidOperationException("No usage.");

    public static Usage Replicate(string prediction)
    {
        var read = Prediction.Read(Encoding.UTF8.GetBytes(prediction)).Value!;
        return PredictionUsage.Of(read) ?? PredictionUsage.Metered(read);
    }

    /// <summary>A message's <c>usage</c>: input, cache reads and cache writes are three separate counts.</summary>
    public static Usage Anthropic(string usage)
    {
        var (read, written) = (Count(usage, "cache_read_input_tokens"), Count(usage, "cache_creation_input_tokens"));
        return new Usage
        {
            InputTokens = Count(usage, "input_tokens") + read + written,
            CachedReadTokens = read,
            CachedWriteTokens = written,
            OutputTokens = Count(usage, "output_tokens"),
        };
    }

    /// <summary><c>usageMetadata</c>: the prompt includes what was cached, the candidates do not include the thoughts.</summary>
    public static Usage Gemini(string usage)
    {
        using var document = JsonDocument.Parse(usage);
        var audio = document
            .RootElement.GetProperty("promptTokensDetails")
            .EnumerateArray()
            .Where(part => part.GetProperty("modality").GetString() == "AUDIO")
            .Sum(part => part.GetProperty("tokenCount").GetInt64());
        var thoughts = Count(usage, "thoughtsTokenCount");
        return new Usage
        {
            InputTokens = Count(usage, "promptTokenCount"),
            CachedReadTokens = Count(usage, "cachedContentTokenCount"),
            AudioInputTokens = audio,
            OutputTokens = Count(usage, "candidatesTokenCount") + thoughts,
            ReasoningTokens = thoughts,
        };
    }

    /// <summary>A Converse answer's <c>usage</c>: three separate counts, like Anthropic's.</summary>
    public static Usage Bedrock(string usage)
    {
        var (read, written) = (Count(usage, "cacheReadInputTokens"), Count(usage, "cacheWriteInputTokens"));
        return new Usage
        {
            InputTokens = Count(usage, "inputTokens") + read + written,
            CachedReadTokens = read,
            CachedWriteTokens = written,
            OutputTokens = Count(usage, "outputTokens"),
        };
    }

    private static long Count(string usage, string name)
    {
        using var document = JsonDocument.Parse(usage);
        return document.RootElement.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
    }
}
