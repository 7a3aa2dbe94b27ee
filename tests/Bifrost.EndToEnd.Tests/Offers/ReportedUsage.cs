using System.Text.Json;
using Bifrost.Testing.Conformance;

namespace Bifrost.EndToEnd.Tests.Offers;

/// <summary>The token counts that a reply tells its caller, in the words in which the gateway logs what it found.</summary>
internal static class ReportedUsage
{
    /// <summary>Null when the reply counts no tokens.</summary>
    public static string? Of(HttpText reply)
    {
        var bodies =
            reply.IsEventStream
                ? reply
                    .Body.Split('\n')
                    .Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
                    .Select(line => line["data: ".Length..])
            : reply.Body.StartsWith('{') ? [reply.Body]
            : [];
        string? used = null;
        foreach (var body in bodies)
        {
            using var json = JsonDocument.Parse(body);
            used = In(json.RootElement) ?? (json.RootElement.TryGetProperty("response", out var response) ? In(response) : null) ?? used;
        }

        return used;
    }

    private static string? In(JsonElement reply) =>
        reply.TryGetProperty("usage", out var usage)
        && usage.ValueKind == JsonValueKind.Object
        && (Count(usage, "prompt_tokens") ?? Count(usage, "input_tokens")) is { } asked
            ? $"{asked} tokens in, {Count(usage, "completion_tokens") ?? Count(usage, "output_tokens") ?? 0} out"
            : null;

    private static long? Count(JsonElement usage, string name) => usage.TryGetProperty(name, out var count) ? count.GetInt64() : null;
}
