using System.Collections.Frozen;
using System.Text.Json;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Canonical.Videos;

namespace Bifrost.Governance.Estimates;

/// <summary>How many pictures or seconds were ordered, and the settings that their price depends on.</summary>
internal sealed record MediaOrder
{
    /// <summary>Pictures; zero for a film.</summary>
    public int Count { get; init; }

    /// <summary>Of film; null when the caller does not say.</summary>
    public double? Seconds { get; init; }

    /// <summary>The request could not be read: counts are guesses, and so no bound is known.</summary>
    public bool Unread { get; init; }

    /// <summary>See <see cref="Prices.PricedCall.Qualifiers"/>.</summary>
    public IReadOnlyDictionary<string, string> Qualifiers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Null for operations that make neither pictures nor films.</summary>
    public static MediaOrder? Of(Exchange exchange) =>
        exchange.Operation switch
        {
            Operation.ImageGeneration or Operation.ImageEdit => exchange.Read<ImageRequest>().Failed(out _, out var image)
                ? new MediaOrder { Count = 1, Unread = true }
                : OfImage(image),
            Operation.VideoCreate => exchange.Read<VideoRequest>().Failed(out _, out var video)
                ? new MediaOrder { Unread = true }
                : OfVideo(video),
            Operation.VideoRemix => new MediaOrder(),
            _ => null,
        };

    private static MediaOrder OfImage(ImageRequest image)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(said, "size", image.Size);
        Add(said, "quality", image.Quality);
        AddExtension(said, "resolution", image.Extensions, "resolution");
        return new MediaOrder
        {
            Count = Math.Max(Math.Max(1, image.Count), Most(image.Extensions, "num_outputs") is > 1 and < 1000 and var n ? (int)n : 1),
            Qualifiers = said,
        };
    }

    private static MediaOrder OfVideo(VideoRequest video)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(said, "size", video.Size);
        Add(
            said,
            "mode",
            video.VideoUri is not null ? "video"
                : video.Reference is not null ? "image"
                : "text"
        );
        AddExtension(said, "resolution", video.Extensions, "resolution");
        AddExtension(said, "mode", video.Extensions, "mode");
        Add(
            said,
            "audio",
            video.Audio switch
            {
                true => "true",
                false => "false",
                null => null,
            }
        );
        AddExtension(said, "audio", video.Extensions, "generate_audio");
        var seconds = Most(video.Extensions, "duration") ?? Most(video.Extensions, "seconds") ?? video.Seconds;
        return new MediaOrder { Seconds = seconds, Qualifiers = said };
    }

    private static void Add(Dictionary<string, string> said, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && value != "auto")
        {
            said[name] = value;
        }
    }

    private static void AddExtension(Dictionary<string, string> said, string name, Extensions extensions, string field)
    {
        if (extensions.TryGet(field, out var value))
        {
            Add(
                said,
                name,
                value.ValueKind switch
                {
                    JsonValueKind.String => value.GetString(),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => null,
                }
            );
        }
    }

    private static double? Most(Extensions extensions, string field) =>
        extensions.TryGet(field, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number)
        && number > 0
            ? number
            : null;
}
