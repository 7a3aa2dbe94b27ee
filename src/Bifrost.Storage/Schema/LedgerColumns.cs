namespace Bifrost.Storage.Schema;

/// <summary>The ledger's columns in the order they are written. A test compares them with the model: none is forgotten.</summary>
internal static class LedgerColumns
{
    public static readonly IReadOnlyList<LedgerColumn> All =
    [
        new("id", ColumnType.Id, row => row.Id),
        new("at", ColumnType.Number, row => row.At),
        new("settled_at", ColumnType.Number, row => row.SettledAt),
        new("request_id", ColumnType.Text, row => row.RequestId),
        new("operation", ColumnType.Text, row => row.Operation),
        new("provider", ColumnType.Text, row => row.Provider),
        new("provider_key", ColumnType.Text, row => row.ProviderKey),
        new("asked_model", ColumnType.Text, row => row.AskedModel),
        new("sent_model", ColumnType.Text, row => row.SentModel),
        new("virtual_key_id", ColumnType.Text, row => row.VirtualKeyId),
        new("team_id", ColumnType.Text, row => row.TeamId),
        new("business_unit_id", ColumnType.Text, row => row.BusinessUnitId),
        new("customer_id", ColumnType.Text, row => row.CustomerId),
        new("user_id", ColumnType.Text, row => row.UserId),
        new("dimensions", ColumnType.Text, row => row.Dimensions),
        new("outcome", ColumnType.Text, row => row.Outcome),
        new("cost", ColumnType.Number, row => row.Cost),
        new("estimated", ColumnType.Truth, row => row.Estimated),
        new("unpriced", ColumnType.Truth, row => row.Unpriced),
        new("price_version", ColumnType.Text, row => row.PriceVersion),
        new("usage_estimated", ColumnType.Truth, row => row.UsageEstimated),
        new("input_tokens", ColumnType.Number, row => row.InputTokens),
        new("output_tokens", ColumnType.Number, row => row.OutputTokens),
        new("cached_read_tokens", ColumnType.Number, row => row.CachedReadTokens),
        new("cached_write_tokens", ColumnType.Number, row => row.CachedWriteTokens),
        new("reasoning_tokens", ColumnType.Number, row => row.ReasoningTokens),
        new("audio_input_tokens", ColumnType.Number, row => row.AudioInputTokens),
        new("image_input_tokens", ColumnType.Number, row => row.ImageInputTokens),
        new("audio_output_tokens", ColumnType.Number, row => row.AudioOutputTokens),
        new("images", ColumnType.Number, row => row.Images),
        new("video_microseconds", ColumnType.Number, row => row.VideoMicroseconds),
        new("compute_microseconds", ColumnType.Number, row => row.ComputeMicroseconds),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(column => column.Name));
}

/// <param name="Name">As in the database.</param>
/// <param name="Type">What kind of value.</param>
/// <param name="Value">Takes it from a row.</param>
internal sealed record LedgerColumn(string Name, ColumnType Type, Func<LedgerRow, object?> Value);

internal enum ColumnType
{
    Id,
    Number,
    Text,
    Truth,
}
