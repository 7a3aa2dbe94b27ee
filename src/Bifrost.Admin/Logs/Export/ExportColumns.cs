using Bifrost.Core.Contracts;
using Bifrost.Observability.Live;
using Bifrost.Observability.Metrics;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs.Export;

/// <summary>The columns of a table of requests: the published ones first, then ours. New ones are added at the end, and none ever changes its meaning.</summary>
internal static class ExportColumns
{
    private static readonly Dictionary<string, Operation> Operations = Enum.GetValues<Operation>().ToDictionary(static o => o.Word());

    public static IReadOnlyList<Column> Rows { get; } =
    [
        new TimeColumn("timestamp", static r => r.At),
        new TextColumn("request_id", static r => r.Id),
        new TextColumn("customer_id", static r => r.CustomerId),
        new TextColumn("provider", static r => r.Provider),
        new TextColumn("model", static r => LiveFilter.ValueOf(r, LogDimension.Model)),
        new TextColumn("endpoint", static r => Operations.TryGetValue(r.Operation, out var asked) ? HttpPath.Of(asked) : null),
        new TextColumn("method", static r => Operations.TryGetValue(r.Operation, out var asked) ? MethodOf(asked) : null),
        new WholeColumn("status_code", static r => r.HttpStatus),
        new ScaledColumn("latency_ms", 3, static r => r.Latency),
        new WholeColumn("input_tokens", static r => r.InputTokens),
        new WholeColumn("output_tokens", static r => r.OutputTokens),
        new ScaledColumn("cost_usd", 9, static r => r.Cost),
        new TextColumn("object", static r => r.Operation),
        new TextColumn("status", static r => LiveFilter.StatusWord(r.Status)),
        new TextColumn("fault", static r => r.Fault),
        new TextColumn("culprit", static r => r.Culprit),
        new TextColumn("message", static r => r.Message),
        new TextColumn("lane", static r => r.Lane),
        new FlagColumn("stream", static r => r.Streamed),
        new TextColumn("virtual_key_id", static r => r.VirtualKeyId),
        new TextColumn("virtual_key_name", static r => r.VirtualKeyName),
        new TextColumn("team_id", static r => r.TeamId),
        new TextColumn("business_unit_id", static r => r.BusinessUnitId),
        new TextColumn("user_id", static r => r.UserId),
        new TextColumn("selected_key_id", static r => r.ProviderKeyId),
        new TextColumn("selected_key_name", static r => r.ProviderKeyName),
        new TextColumn("asked_model", static r => r.AskedModel),
        new TextColumn("answered_model", static r => r.AnsweredModel),
        new TextColumn("upstream_id", static r => r.UpstreamId),
        new WholeColumn("number_of_retries", static r => r.Attempts.Count),
        new WholeColumn("fallback_index", static r => r.FallbackIndex),
        new TextColumn("cache", static r => r.Cache),
        new WholeColumn("cached_read_tokens", static r => r.CachedReadTokens),
        new WholeColumn("cached_write_tokens", static r => r.CachedWriteTokens),
        new WholeColumn("reasoning_tokens", static r => r.ReasoningTokens),
        new WholeColumn("audio_tokens", static r => r.AudioTokens),
        new WholeColumn("images", static r => r.Images),
        new ScaledColumn("video_seconds", 3, static r => r.VideoMilliseconds),
        new ScaledColumn("compute_seconds", 3, static r => r.ComputeMilliseconds),
        new FlagColumn("cost_estimated", static r => r.Estimated),
        new TextColumn("price_version", static r => r.PriceVersion),
        new ScaledColumn("time_to_first_byte_ms", 3, static r => r.FirstByte),
        new WholeColumn("chunks", static r => r.Chunks),
        new WholeColumn("request_bytes", static r => r.RequestBytes),
        new WholeColumn("response_bytes", static r => r.ResponseBytes),
        new TextColumn("attempts", static r => r.Attempts.Count == 0 ? null : RowView.Attempts(r).ToJsonString()),
        new TextColumn("metadata", static r => r.Metadata.Count == 0 ? null : RowView.Metadata(r).ToJsonString()),
        new TextColumn("notes", static r => r.Notes.Count == 0 ? null : RowView.Notes(r).ToJsonString()),
        new TextColumn("cost_lines", static r => RowView.CostLines(r)?.ToJsonString()),
    ];

    /// <summary>With what was asked and answered.</summary>
    public static IReadOnlyList<Column> RowsWithContent { get; } =
    [.. Rows, new ContentColumn("request", static p => p.Request), new ContentColumn("response", static p => p.Response)];

    private static string MethodOf(Operation operation) =>
        operation switch
        {
            Operation.ResponseGet
            or Operation.FileList
            or Operation.FileGet
            or Operation.FileContent
            or Operation.VideoList
            or Operation.VideoGet
            or Operation.VideoContent
            or Operation.ModelList
            or Operation.ModelGet => "GET",
            Operation.FileDelete or Operation.VideoDelete => "DELETE",
            _ => "POST",
        };
}
