using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical;

namespace Bifrost.Admin.Ledger;

/// <summary>What a call used.</summary>
internal static class UsageView
{
    public static JsonObject Of(Usage usage) =>
        new()
        {
            ["input_tokens"] = usage.InputTokens,
            ["output_tokens"] = usage.OutputTokens,
            ["total_tokens"] = usage.TotalTokens,
            ["cached_read_tokens"] = usage.CachedReadTokens,
            ["cached_write_tokens"] = usage.CachedWriteTokens,
            ["reasoning_tokens"] = usage.ReasoningTokens,
            ["audio_input_tokens"] = usage.AudioInputTokens,
            ["image_input_tokens"] = usage.ImageInputTokens,
            ["audio_output_tokens"] = usage.AudioOutputTokens,
            ["images"] = usage.Images,
            ["video_seconds"] = usage.VideoSeconds,
            ["compute_seconds"] = usage.ComputeSeconds,
            ["estimated"] = usage.Estimated,
        };
}
