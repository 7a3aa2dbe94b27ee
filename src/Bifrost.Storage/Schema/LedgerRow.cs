namespace Bifrost.Storage.Schema;

/// <summary>A line of the ledger as it is kept: a column for every dimension and every kind of quantity.</summary>
internal sealed class LedgerRow
{
    public Guid Id { get; init; }

    public long At { get; init; }

    public long SettledAt { get; init; }

    public required string RequestId { get; init; }

    public required string Operation { get; init; }

    public required string Provider { get; init; }

    public required string ProviderKey { get; init; }

    public required string AskedModel { get; init; }

    public required string SentModel { get; init; }

    public string? VirtualKeyId { get; init; }

    public string? TeamId { get; init; }

    public string? BusinessUnitId { get; init; }

    public string? CustomerId { get; init; }

    public string? UserId { get; init; }

    public string? Dimensions { get; init; }

    public required string Outcome { get; init; }

    /// <summary>Nanodollars.</summary>
    public long Cost { get; init; }

    public bool Estimated { get; init; }

    public bool Unpriced { get; init; }

    public string? PriceVersion { get; init; }

    /// <summary>Null, like all that follow, when nothing is known of what was consumed.</summary>
    public bool? UsageEstimated { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? CachedReadTokens { get; init; }

    public long? CachedWriteTokens { get; init; }

    public long? ReasoningTokens { get; init; }

    public long? AudioInputTokens { get; init; }

    public long? ImageInputTokens { get; init; }

    public long? AudioOutputTokens { get; init; }

    public long? Images { get; init; }

    public long? VideoMicroseconds { get; init; }

    public long? ComputeMicroseconds { get; init; }
}
