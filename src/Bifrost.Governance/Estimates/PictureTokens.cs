namespace Bifrost.Governance.Estimates;

/// <summary>
/// Output tokens of a picture, for models that sell pictures by the token. The numbers are those of OpenAI's guide to image generation for
/// gpt-image-1 (2025): by quality for the largest of its sizes.
/// </summary>
internal static class PictureTokens
{
    private const long High = 6_240;
    private const long Medium = 1_584;
    private const long Low = 408;

    // Three partial pictures may be asked for, at a hundred tokens each.
    private const long Partial = 300;

    /// <summary>Of one picture. Later models count more finely, but sell sizes up to four times as large.</summary>
    public const long Most = (4 * High) + Partial;

    /// <summary>Without a quality, or with one we do not know, the best is expected.</summary>
    public static long Expected(MediaOrder? order) =>
        order is not null && order.Qualifiers.TryGetValue("quality", out var quality)
            ? quality switch
            {
                "low" => Low,
                "medium" => Medium,
                _ => High,
            }
            : High;
}
