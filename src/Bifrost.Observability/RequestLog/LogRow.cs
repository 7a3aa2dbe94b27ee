namespace Bifrost.Observability.RequestLog;

/// <summary>One exchange as it is remembered: small, without any content. Written once, when the exchange is over.</summary>
public sealed record LogRow
{
    /// <summary>Name under which <see cref="Metadata"/> has the id of the trace, where there is one.</summary>
    public const string TraceIdKey = "trace_id";

    /// <summary><see cref="Core.Exchange.Id"/>; unique, and what the ledger's entries call the request.</summary>
    public required string Id { get; init; }

    /// <summary>Unix microseconds at which the request arrived.</summary>
    public required long At { get; init; }

    /// <summary>Word of the operation: <c>chat</c>.</summary>
    public required string Operation { get; init; }

    public required LogStatus Status { get; init; }

    /// <summary>HTTP status the caller saw.</summary>
    public int HttpStatus { get; init; }

    /// <summary>Kind of the fault, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>Who has to act: caller, gateway or target; null without a fault.</summary>
    public string? Culprit { get; init; }

    /// <summary>The fault's message, redacted, at most 1,000 characters.</summary>
    public string? Message { get; init; }

    /// <summary>verbatim, patched or translated; null when nothing was sent.</summary>
    public string? Lane { get; init; }

    public bool Streamed { get; init; }

    // Who.
    public string? VirtualKeyId { get; init; }

    public string? VirtualKeyName { get; init; }

    public string? TeamId { get; init; }

    public string? BusinessUnitId { get; init; }

    public string? CustomerId { get; init; }

    public string? UserId { get; init; }

    // What.
    public string? Provider { get; init; }

    public string? ProviderKeyId { get; init; }

    public string? ProviderKeyName { get; init; }

    public string AskedModel { get; init; } = "";

    public string? SentModel { get; init; }

    public string? AnsweredModel { get; init; }

    /// <summary>The provider's own id of the work, or null.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>Tries that failed, in order: target, fault, time.</summary>
    public IReadOnlyList<LogAttempt> Attempts { get; init; } = [];

    /// <summary>Zero for the first target of the plan.</summary>
    public int FallbackIndex { get; init; }

    /// <summary>Where the answer came from when not from the provider: <c>direct</c>, <c>semantic</c>; null without a cache.</summary>
    public string? Cache { get; init; }

    // What it consumed.
    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long CachedReadTokens { get; init; }

    public long CachedWriteTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public long AudioTokens { get; init; }

    public int Images { get; init; }

    /// <summary>Thousandths of a second of video.</summary>
    public long VideoMilliseconds { get; init; }

    /// <summary>Thousandths of a second of the provider's hardware.</summary>
    public long ComputeMilliseconds { get; init; }

    /// <summary>Nanodollars (10⁻⁹ USD); null when it has no price.</summary>
    public long? Cost { get; init; }

    /// <summary>Cost or quantities are ours, not the provider's.</summary>
    public bool Estimated { get; init; }

    public string? PriceVersion { get; init; }

    /// <summary>How the cost was computed, as JSON lines of kind, quantity, unit price and amount; null when nothing was charged.</summary>
    public string? CostLines { get; init; }

    // Where the time went; microseconds.
    public long Latency { get; init; }

    /// <summary>Until the first byte of the answer went out; null when none did.</summary>
    public long? FirstByte { get; init; }

    /// <summary>Until the request was read.</summary>
    public long Accepted { get; init; }

    /// <summary>From there until the first target was tried.</summary>
    public long Planned { get; init; }

    /// <summary>From there until a target started to answer.</summary>
    public long Waited { get; init; }

    /// <summary>Pieces of a streamed answer.</summary>
    public long Chunks { get; init; }

    public long RequestBytes { get; init; }

    public long ResponseBytes { get; init; }

    /// <summary>Headers the policy selects, and dimensions; names in lower case.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Parameters that were dropped or changed on the way, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>There is a payload beside this row.</summary>
    public bool HasPayload { get; init; }

    /// <summary>The row was lost and made again from the ledger: who, what and how much is right, all other detail is missing.</summary>
    public bool Recovered { get; init; }
}

/// <summary>A try that failed. <paramref name="Took"/> is in microseconds.</summary>
public sealed record LogAttempt(string Provider, string Model, string Key, string Fault, long Took);

public enum LogStatus
{
    Success,
    Error,

    /// <summary>The caller left.</summary>
    Cancelled,
}

/// <summary>What was said, kept only where the policy allows, redacted and cut to size before it comes here.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="At">Of the row.</param>
/// <param name="Request">UTF-8; empty when not kept.</param>
/// <param name="Response">UTF-8; for streams the assembled text; empty when not kept.</param>
/// <param name="SearchText">Plain words of prompt and answer for full-text search.</param>
/// <param name="Truncated">Something did not fit.</param>
public sealed record LogPayload(
    string Id,
    long At,
    ReadOnlyMemory<byte> Request,
    ReadOnlyMemory<byte> Response,
    string SearchText,
    bool Truncated
);
