namespace Bifrost.Web.Logs;

/// <summary>One request, as the log lists it; asked for by its id it has more.</summary>
public sealed record LogItem(string Id, DateTimeOffset Timestamp, string Object, string Status)
{
    public string? Provider { get; init; }

    public string? Model { get; init; }

    public string? AskedModel { get; init; }

    public string? SentModel { get; init; }

    public string? AnsweredModel { get; init; }

    public string? UpstreamId { get; init; }

    public int StatusCode { get; init; }

    public bool Stream { get; init; }

    public string? Lane { get; init; }

    public string? Cache { get; init; }

    public int FallbackIndex { get; init; }

    public string? SelectedKeyId { get; init; }

    public string? SelectedKeyName { get; init; }

    public string? VirtualKeyId { get; init; }

    public string? VirtualKeyName { get; init; }

    public string? TeamId { get; init; }

    public string? BusinessUnitId { get; init; }

    public string? CustomerId { get; init; }

    public string? UserId { get; init; }

    public double Latency { get; init; }

    public double? TimeToFirstByte { get; init; }

    public LogTimings? Timings { get; init; }

    public IReadOnlyList<LogAttempt> Attempts { get; init; } = [];

    public decimal? Cost { get; init; }

    public bool CostEstimated { get; init; }

    public string? PriceVersion { get; init; }

    public LogTokens? TokenUsage { get; init; }

    public int Images { get; init; }

    public decimal VideoSeconds { get; init; }

    public decimal ComputeSeconds { get; init; }

    public long Chunks { get; init; }

    public long RequestBytes { get; init; }

    public long ResponseBytes { get; init; }

    public LogFault? ErrorDetails { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool HasPayload { get; init; }

    public bool Recovered { get; init; }

    // Of one request only.
    public IReadOnlyList<LogCostLine>? CostLines { get; init; }

    public LogNamesOf? Names { get; init; }

    public LogPayload? Payload { get; init; }
}

/// <summary>What was counted.</summary>
public sealed record LogTokens(
    long PromptTokens,
    long CompletionTokens,
    long TotalTokens,
    long CachedReadTokens,
    long CachedWriteTokens,
    long ReasoningTokens,
    long AudioTokens
);

/// <summary>What went wrong, and who has to act.</summary>
public sealed record LogFault(string? Fault, string? Culprit, string? Message);

/// <summary>A target that was tried and given up.</summary>
public sealed record LogAttempt(string Provider, string Model, string Key, string Fault, double Took);

/// <summary>Milliseconds, each from the end of the one before.</summary>
public sealed record LogTimings(double Accepted, double Planned, double Waited);

/// <summary>A part of the cost.</summary>
public sealed record LogCostLine(string Kind, decimal Quantity, decimal UnitPrice, decimal Amount);

/// <summary>What a request's ids are called.</summary>
public sealed record LogNamesOf(string? Team, string? BusinessUnit, string? Customer, string? User);

/// <summary>What was asked and answered, as it was kept.</summary>
public sealed record LogPayload(string? Request, string? Response, bool Truncated);

/// <summary>A page of the log.</summary>
public sealed record LogList(IReadOnlyList<LogItem> Logs, LogPaging Pagination, bool HasLogs);

/// <summary>How it goes on, and how many there are where that is known.</summary>
public sealed record LogPaging(string? NextAfter, long? TotalCount, bool TotalCountCapped);

/// <summary>What there is to filter by.</summary>
public sealed record LogValues
{
    public IReadOnlyList<string> Providers { get; init; } = [];

    public IReadOnlyList<string> Models { get; init; } = [];

    public IReadOnlyList<string> Objects { get; init; } = [];

    public IReadOnlyList<string> Faults { get; init; } = [];

    public IReadOnlyList<LogNamed> VirtualKeys { get; init; } = [];

    public IReadOnlyList<LogNamed> SelectedKeys { get; init; } = [];

    public IReadOnlyList<LogNamed> Teams { get; init; } = [];

    public IReadOnlyList<LogNamed> Customers { get; init; } = [];

    public IReadOnlyList<LogNamed> BusinessUnits { get; init; } = [];

    public IReadOnlyList<LogNamed> Users { get; init; } = [];
}

/// <summary>A thing with its name.</summary>
public sealed record LogNamed(string Id, string Name);
