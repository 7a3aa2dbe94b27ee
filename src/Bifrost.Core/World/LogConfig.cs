namespace Bifrost.Core.World;

/// <summary>What the request log keeps. The published names are <c>client.enable_logging</c>, <c>disable_content_logging</c>, <c>log_retention_days</c> and
/// <c>logging_headers</c>; the rest is ours.</summary>
public sealed record LogConfig
{
    /// <summary>A row for each exchange. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What was asked and answered is kept beside the row. Default true, as published: who moves here from another gateway finds the log as it
    /// was; secrets are taken out of it whatever this says, and a virtual key may decide otherwise for its own calls.</summary>
    public bool Content { get; init; } = true;

    /// <summary>KiB that are kept of a request, and as much of its answer. Default 64.</summary>
    public int ContentMaxKb { get; init; } = 64;

    /// <summary>Request headers that become metadata, besides <c>x-bf-lh-*</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Names of fields and headers whose values are never kept, besides those that are known for it (<c>password</c>, <c>api_key</c> …).</summary>
    public IReadOnlyList<string> SecretFields { get; init; } = [];

    /// <summary>Regular expressions for text that is never kept, besides what is known to be a secret by its look.</summary>
    public IReadOnlyList<string> SecretPatterns { get; init; } = [];

    /// <summary>Days that rows stay, at least 1. Default 365.</summary>
    public int RetentionDays { get; init; } = 365;

    /// <summary>Days that content stays. Null: as long as its row.</summary>
    public int? ContentRetentionDays { get; init; }

    /// <summary>MiB that the log may take; the oldest goes first. Null: no limit.</summary>
    public int? MaxMb { get; init; }
}
