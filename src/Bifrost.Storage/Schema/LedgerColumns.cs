namespace Bifrost.Storage.Schema;

/// <summary>The ledger's columns in the order they are written. A test compares them with the model: none is forgotten.</summary>
internal static class LedgerColumns
{
    public static readonly IReadOnlyList<LedgerColumn> All =
    [
        Id("id"),
        Number("at", row => row.At),
        Number("settled_at", row => row.SettledAt),
        Text("request_id", row => row.RequestId),
        Text("operation", row => row.Operation),
        Text("provider", row => row.Provider),
        Text("provider_key", row => row.ProviderKey),
        Text("asked_model", row => row.AskedModel),
        Text("sent_model", row => row.SentModel),
        Text("virtual_key_id", row => row.VirtualKeyId),
        Text("team_id", row => row.TeamId),
        Text("business_unit_id", row => row.BusinessUnitId),
        Text("customer_id", row => row.CustomerId),
        Text("user_id", row => row.UserId),
        Text("dimensions", row => row.Dimensions),
        Text("outcome", row => row.Outcome),
        Number("cost", row => row.Cost),
        Truth("estimated", row => row.Estimated),
        Truth("unpriced", row => row.Unpriced),
        Text("price_version", row => row.PriceVersion),
        Truth("usage_estimated", row => row.UsageEstimated),
        Number("input_tokens", row => row.InputTokens),
        Number("output_tokens", row => row.OutputTokens),
        Number("cached_read_tokens", row => row.CachedReadTokens),
        Number("cached_write_tokens", row => row.CachedWriteTokens),
        Number("reasoning_tokens", row => row.ReasoningTokens),
        Number("audio_input_tokens", row => row.AudioInputTokens),
        Number("image_input_tokens", row => row.ImageInputTokens),
        Number("audio_output_tokens", row => row.AudioOutputTokens),
        Number("images", row => row.Images),
        Number("video_microseconds", row => row.VideoMicroseconds),
        Number("compute_microseconds", row => row.ComputeMicroseconds),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(column => column.Name));

    private static LedgerColumn Id(string name) => new(name, ColumnType.Id, _ => null, _ => null);

    private static LedgerColumn Number(string name, Func<LedgerRow, long?> of) => new(name, ColumnType.Number, of, _ => null);

    private static LedgerColumn Truth(string name, Func<LedgerRow, bool?> of) =>
        new(name, ColumnType.Truth, row => of(row) is { } truth ? Convert.ToInt64(truth) : null, _ => null);

    private static LedgerColumn Text(string name, Func<LedgerRow, string?> of) => new(name, ColumnType.Text, _ => null, of);
}

/// <param name="Name">As in the database.</param>
/// <param name="Type">What kind of value.</param>
/// <param name="Number">Takes it from a row when it is a number or a truth, which is 1 or 0.</param>
/// <param name="Text">Takes it from a row when it is text.</param>
internal sealed record LedgerColumn(string Name, ColumnType Type, Func<LedgerRow, long?> Number, Func<LedgerRow, string?> Text);

internal enum ColumnType
{
    Id,
    Number,
    Text,
    Truth,
}
