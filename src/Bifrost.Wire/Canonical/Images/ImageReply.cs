namespace Bifrost.Wire.Canonical.Images;

public sealed record ImageReply
{
    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<Picture> Pictures { get; init; }

    /// <summary>What was really used, when known.</summary>
    public string? OutputFormat { get; init; }

    public string? Size { get; init; }

    public string? Quality { get; init; }

    public string? Background { get; init; }

    public Usage? Usage { get; init; }
}

/// <summary>One of <paramref name="Url"/> and <paramref name="Bytes"/> is set.</summary>
public sealed record Picture(string? Url, ReadOnlyMemory<byte>? Bytes, string? RevisedPrompt = null);

/// <summary>One step of pictures that arrive in pieces; <see cref="PictureFinished"/> once for each, or <see cref="PicturesFailed"/>, which is last.</summary>
public abstract record ImageDelta;

public sealed record PartialPicture(int Index, Picture Picture, DateTimeOffset CreatedAt) : ImageDelta;

public sealed record PictureFinished(Picture Picture, DateTimeOffset CreatedAt, Usage? Usage) : ImageDelta, IUsageDelta;

public sealed record PicturesFailed(Faults.Fault Fault) : ImageDelta, IFailedDelta;
