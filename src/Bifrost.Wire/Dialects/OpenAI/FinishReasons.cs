using Bifrost.Wire.Canonical.Chat;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>OpenAI's words for why a choice ended.</summary>
internal static class FinishReasons
{
    public static string Word(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length => "length",
            FinishReason.ToolCalls => "tool_calls",
            FinishReason.ContentFilter => "content_filter",
            _ => "stop",
        };

    /// <summary>Compatible servers invent words (eos, end_turn, …); all of them mean that the model was done.</summary>
    public static FinishReason Read(string word) =>
        word switch
        {
            "length" or "max_tokens" => FinishReason.Length,
            "tool_calls" or "function_call" => FinishReason.ToolCalls,
            "content_filter" => FinishReason.ContentFilter,
            _ => FinishReason.Stop,
        };
}
