using System.Text.Json;
using Bifrost.Wire.Canonical;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Members of a chat request that the canonical model leaves aside: some must be refused, some concern nobody, the rest is passed on.</summary>
internal static class ChatLeftovers
{
    public static void Add(InputBuilder builder, Extensions extensions)
    {
        if (extensions.TryGet("logprobs", out var logprobs) && logprobs.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
        {
            builder.RefuseParameter("logprobs", $"{builder.Model} gives no log probabilities.");
        }

        if (
            extensions.TryGet("top_logprobs", out var top)
            && top.ValueKind == JsonValueKind.Number
            && top.TryGetInt32(out var count)
            && count > 0
        )
        {
            builder.RefuseParameter("top_logprobs", $"{builder.Model} gives no log probabilities.");
        }

        if (
            extensions.TryGet("functions", out var functions)
            && functions.ValueKind == JsonValueKind.Array
            && functions.GetArrayLength() > 0
        )
        {
            builder.RefuseParameter("functions", $"{builder.Model} cannot call functions. Leave `functions` out or choose another model.");
        }

        // Kept by the gateway itself, true by default, or of no consequence.
        Passthrough.Add(
            builder,
            extensions,
            "logprobs",
            "top_logprobs",
            "functions",
            "function_call",
            "metadata",
            "safety_identifier",
            "prompt_cache_key",
            "store",
            "service_tier"
        );
    }
}
