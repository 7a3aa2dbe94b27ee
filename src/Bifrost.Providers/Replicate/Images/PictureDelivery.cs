using Bifrost.Core.Outbound;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Pictures;

namespace Bifrost.Providers.Replicate;

/// <summary>Hands pictures over the way the caller wants them: as addresses, or as the bytes themselves.</summary>
internal sealed class PictureDelivery(GuardedHttp http, ImageDelivery wanted)
{
    private const long MaxBytes = 64 << 20;

    /// <summary>All at once, in order. One that cannot be had is a failure of the whole.</summary>
    public async Task<Outcome<IReadOnlyList<Picture>>> AllAsync(IReadOnlyList<string> outputs, CancellationToken cancel)
    {
        var fetching = new Task<Outcome<Picture>>[outputs.Count];
        for (var i = 0; i < fetching.Length; i++)
        {
            fetching[i] = OneAsync(outputs[i], cancel);
        }

        var pictures = new Picture[fetching.Length];
        var outcomes = await Task.WhenAll(fetching);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Failed(out var fault, out var picture))
            {
                return fault;
            }

            pictures[i] = picture;
        }

        return pictures;
    }

    /// <param name="output">An http(s) or data URL.</param>
    /// <param name="cancel">When the caller leaves.</param>
    public async Task<Outcome<Picture>> OneAsync(string output, CancellationToken cancel)
    {
        if (wanted == ImageDelivery.Url)
        {
            return new Picture(output, null);
        }

        return (await OutputFiles.DownloadAsync(output, http, MaxBytes, cancel)).Failed(out var fault, out var content)
            ? fault
            : new Picture(null, content.Bytes);
    }

    /// <summary>png, jpeg or webp when the picture shows it, else null.</summary>
    public static string? FormatOf(Picture picture)
    {
        if (picture.Bytes is { } bytes)
        {
            return PictureFormat.Sniff(bytes.Span)?["image/".Length..];
        }

        var url = picture.Url ?? "";
        if (OutputFiles.IsDataUrl(url))
        {
            return url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? Known(url[11..].Split(';', ',')[0]) : null;
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address) ? Known(Path.GetExtension(address.AbsolutePath).TrimStart('.')) : null;
    }

    private static string? Known(string word) =>
        word.ToLowerInvariant() switch
        {
            "png" => "png",
            "jpg" or "jpeg" => "jpeg",
            "webp" => "webp",
            _ => null,
        };
}
