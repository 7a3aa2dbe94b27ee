namespace Bifrost.Wire.Canonical.Files;

/// <summary>A file to be kept at the provider.</summary>
/// <param name="Name">1 to 255 bytes of UTF-8, no path.</param>
/// <param name="ContentType">As declared, default application/octet-stream.</param>
/// <param name="Bytes">The content.</param>
/// <param name="Purpose">OpenAI's purpose word.</param>
public sealed record FileUpload(string Name, string ContentType, ReadOnlyMemory<byte> Bytes, string Purpose)
{
    /// <summary>Wished life in seconds, or null.</summary>
    public long? ExpiresAfterSeconds { get; init; }

    /// <summary>A form field <c>model</c> or <c>provider</c> that says where it goes, or null.</summary>
    public string? Provider { get; init; }
}

public sealed record StoredFile
{
    /// <summary>With its prefix <c>file-</c>.</summary>
    public required string Id { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required string Name { get; init; }

    public required string Purpose { get; init; }
}

/// <param name="Files">In the order asked for.</param>
/// <param name="HasMore">Another page follows.</param>
/// <param name="After">What to send as <c>after</c> for the next page, or null.</param>
public sealed record FilePage(IReadOnlyList<StoredFile> Files, bool HasMore, string? After);

public sealed record FileDeleted(string Id);
