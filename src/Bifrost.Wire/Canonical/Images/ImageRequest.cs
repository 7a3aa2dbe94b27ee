namespace Bifrost.Wire.Canonical.Images;

public enum ImageDelivery
{
    Url,
    Base64,
}

/// <summary>Pictures to be made, or (with <see cref="Sources"/>) to be edited. Null means: the caller did not say.</summary>
public sealed record ImageRequest
{
    public required string Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>1 to 10. Default 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>WxH in pixels, or auto.</summary>
    public string? Size { get; init; }

    public string? Quality { get; init; }

    /// <summary>png, jpeg or webp.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>0 to 100.</summary>
    public int? OutputCompression { get; init; }

    public string? Background { get; init; }

    public string? Moderation { get; init; }

    public string? Style { get; init; }

    public string? User { get; init; }

    public ImageDelivery? Delivery { get; init; }

    public bool Streams { get; init; }

    public int? PartialImages { get; init; }

    public long? Seed { get; init; }

    public string? NegativePrompt { get; init; }

    public int? Steps { get; init; }

    public string? AspectRatio { get; init; }

    /// <summary>Pictures to edit, in order; empty for a generation.</summary>
    public IReadOnlyList<MediaSource> Sources { get; init; } = [];

    /// <summary>A picture whose transparent pixels are the ones to repaint.</summary>
    public MediaSource? Mask { get; init; }

    public string? InputFidelity { get; init; }

    public Extensions Extensions { get; init; } = Extensions.None;
}
