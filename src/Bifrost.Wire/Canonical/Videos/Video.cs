namespace Bifrost.Wire.Canonical.Videos;

/// <summary>A video to be made.</summary>
public sealed record VideoRequest
{
    public required string Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>Wished length in whole seconds, or null.</summary>
    public int? Seconds { get; init; }

    /// <summary>WxH in pixels, or null.</summary>
    public string? Size { get; init; }

    /// <summary>First frame or reference picture.</summary>
    public MediaSource? Reference { get; init; }

    public long? Seed { get; init; }

    public string? NegativePrompt { get; init; }

    /// <summary>Address of a video to work on.</summary>
    public string? VideoUri { get; init; }

    /// <summary>Whether sound is wanted.</summary>
    public bool? Audio { get; init; }

    public string? User { get; init; }

    public Extensions Extensions { get; init; } = Extensions.None;
}

/// <summary>A changed version of an earlier video.</summary>
public sealed record RemixRequest(string Prompt)
{
    public Extensions Extensions { get; init; } = Extensions.None;
}

public enum VideoStatus
{
    Queued,
    InProgress,
    Completed,
    Failed,
}

/// <summary>A video job as the caller sees it.</summary>
public sealed record VideoJob
{
    /// <summary>With its prefix <c>video_</c>.</summary>
    public required string Id { get; init; }

    public required string Model { get; init; }

    public required VideoStatus Status { get; init; }

    /// <summary>0 to 100.</summary>
    public int Progress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Prompt { get; init; }

    /// <summary>The length really used.</summary>
    public string? Seconds { get; init; }

    public string? Size { get; init; }

    public string? RemixedFrom { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }
}

public sealed record VideoPage(IReadOnlyList<VideoJob> Jobs, bool HasMore);

public sealed record VideoDeleted(string Id);

/// <summary>Which part of the job list is wanted.</summary>
/// <param name="Limit">1 to 100. Default 20.</param>
/// <param name="After">Id of the last job of the page before, or null.</param>
/// <param name="Ascending">Oldest first.</param>
public sealed record PageRequest(int Limit = 20, string? After = null, bool Ascending = false);
