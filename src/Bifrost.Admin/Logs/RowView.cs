using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Observability.Live;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Admin.Logs;

/// <summary>A row as it is shown: published members first, then ours. Times are milliseconds, money is dollars.</summary>
internal static class RowView
{
    public static JsonObject Of(LogRow row) =>
        new()
        {
            ["id"] = row.Id,
            ["timestamp"] = Micros.Write(row.At),
            ["object"] = row.Operation,
            ["provider"] = row.Provider,
            ["model"] = row.SentModel ?? row.AskedModel,
            ["number_of_retries"] = row.Attempts.Count,
            ["fallback_index"] = row.FallbackIndex,
            ["selected_key_id"] = row.ProviderKeyId,
            ["selected_key_name"] = row.ProviderKeyName,
            ["virtual_key_id"] = row.VirtualKeyId,
            ["virtual_key_name"] = row.VirtualKeyName,
            ["latency"] = Micros.Milliseconds(row.Latency),
            ["cost"] = row.Cost is { } cost ? Dollars.Write(cost) : null,
            ["status"] = LiveFilter.StatusWord(row.Status),
            ["stream"] = row.Streamed,
            ["token_usage"] = new JsonObject
            {
                ["prompt_tokens"] = row.InputTokens,
                ["completion_tokens"] = row.OutputTokens,
                ["total_tokens"] = row.InputTokens + row.OutputTokens,
                ["cached_read_tokens"] = row.CachedReadTokens,
                ["cached_write_tokens"] = row.CachedWriteTokens,
                ["reasoning_tokens"] = row.ReasoningTokens,
                ["audio_tokens"] = row.AudioTokens,
            },
            ["error_details"] = row is { Fault: null, Message: null } ? null : Fault(row),
            ["metadata"] = Metadata(row),
            ["status_code"] = row.HttpStatus,
            ["team_id"] = row.TeamId,
            ["business_unit_id"] = row.BusinessUnitId,
            ["customer_id"] = row.CustomerId,
            ["user_id"] = row.UserId,
            ["asked_model"] = row.AskedModel,
            ["sent_model"] = row.SentModel,
            ["answered_model"] = row.AnsweredModel,
            ["upstream_id"] = row.UpstreamId,
            ["lane"] = row.Lane,
            ["cache"] = row.Cache,
            ["images"] = row.Images,
            ["video_seconds"] = row.VideoMilliseconds / 1000m,
            ["compute_seconds"] = row.ComputeMilliseconds / 1000m,
            ["cost_estimated"] = row.Estimated,
            ["price_version"] = row.PriceVersion,
            ["time_to_first_byte"] = row.FirstByte is { } first ? Micros.Milliseconds(first) : null,
            ["timings"] = new JsonObject
            {
                ["accepted"] = Micros.Milliseconds(row.Accepted),
                ["planned"] = Micros.Milliseconds(row.Planned),
                ["waited"] = Micros.Milliseconds(row.Waited),
            },
            ["chunks"] = row.Chunks,
            ["request_bytes"] = row.RequestBytes,
            ["response_bytes"] = row.ResponseBytes,
            ["attempts"] = Attempts(row),
            ["notes"] = Notes(row),
            ["has_payload"] = row.HasPayload,
            ["recovered"] = row.Recovered,
        };

    /// <summary>How the cost came about: what was counted, how much of it, dollars for one and for all; null when nothing was charged.</summary>
    public static JsonArray? CostLines(LogRow row)
    {
        if (row.CostLines is null || JsonNode.Parse(row.CostLines) is not JsonArray lines)
        {
            return null;
        }

        foreach (var line in lines.OfType<JsonObject>())
        {
            InDollars(line, "unit_price");
            InDollars(line, "amount");
        }

        return lines;
    }

    public static JsonObject Metadata(LogRow row) =>
        new(row.Metadata.DistinctBy(m => m.Key).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));

    public static JsonArray Notes(LogRow row) => new([.. row.Notes.Select(n => JsonValue.Create(n))]);

    public static JsonArray Attempts(LogRow row) =>
        new([
            .. row.Attempts.Select(a => new JsonObject
            {
                ["provider"] = a.Provider,
                ["model"] = a.Model,
                ["key"] = a.Key,
                ["fault"] = a.Fault,
                ["took"] = Micros.Milliseconds(a.Took),
            }),
        ]);

    private static JsonObject Fault(LogRow row) =>
        new()
        {
            ["fault"] = row.Fault,
            ["culprit"] = row.Culprit,
            ["message"] = row.Message,
        };

    private static void InDollars(JsonObject line, string member)
    {
        if (line[member]?.GetValue<decimal>() is { } nanodollars)
        {
            line[member] = nanodollars / 1_000_000_000m;
        }
    }
}
