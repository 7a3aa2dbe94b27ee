using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Finds an address for media, as a prediction's input needs one: small content travels inside the request, large content is uploaded
/// to the account's files, and what has an address keeps it.</summary>
internal static class MediaUploader
{
    /// <summary>Replicate's advice for data URLs: up to 256 kB.</summary>
    public const int MaxInlineBytes = 256 * 1024;

    private const long MaxMaskBytes = 20 << 20;

    /// <summary>An https or data URL.</summary>
    public static async Task<Outcome<string>> ResolveAsync(MediaSource source, PredictionClient client, CancellationToken cancel)
    {
        switch (source)
        {
            case UrlSource there:
                return there.Url;
            case FileIdSource file:
                return FileIds.Upstream(file.FileId).Failed(out var unknown, out var id)
                    ? unknown
                    : $"{client.Provider.Base.AbsoluteUri}files/{Uri.EscapeDataString(id)}";
            case InlineSource small when small.Bytes.Length <= MaxInlineBytes:
                return DataUrlOf(small);
            case InlineSource large:
                return await UploadAsync(large, client, cancel);
            default:
                throw new NotSupportedException($"There is no way to address a {source.GetType().Name}.");
        }
    }

    /// <summary>As <see cref="ResolveAsync(MediaSource, PredictionClient, CancellationToken)"/>, with masks recoloured on the way. A fault of the
    /// caller's names the parameter that the medium came in.</summary>
    private static async Task<Outcome<string>> ResolveAsync(MediaSlot slot, PredictionClient client, CancellationToken cancel)
    {
        var source = slot.Source;
        if (slot.Mask is { } polarity)
        {
            var recoloured = await MaskRecolouring.ApplyAsync(source, polarity, client.Runtime.Outbound, MaxMaskBytes, cancel);
            if (recoloured.Failed(out var unusable, out var mask))
            {
                return Blamed(unusable, slot);
            }

            source = mask;
        }

        return (await ResolveAsync(source, client, cancel)).Failed(out var fault, out var address) ? Blamed(fault, slot) : address;
    }

    /// <summary>One address for each slot, in order. The first fault in order wins.</summary>
    public static async Task<Outcome<IReadOnlyList<string>>> ResolveAllAsync(
        IReadOnlyList<MediaSlot> slots,
        PredictionClient client,
        CancellationToken cancel
    )
    {
        var outcomes = await Task.WhenAll(slots.Select(slot => ResolveAsync(slot, client, cancel)));
        var addresses = new string[slots.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Failed(out var fault, out var address))
            {
                return fault;
            }

            addresses[i] = address;
        }

        return addresses;
    }

    private static Fault Blamed(Fault fault, MediaSlot slot) =>
        fault.Rule.Culprit == Culprit.Caller ? fault with { Param = slot.Param } : fault;

    private static async Task<Outcome<string>> UploadAsync(InlineSource source, PredictionClient client, CancellationToken cancel)
    {
        var name = source.FileName is { Length: > 0 and <= 80 } given ? given : $"upload{ExtensionOf(source.MediaType)}";
        var outcome = await new FileStorage(client).UploadAsync(name, source.MediaType, source.Bytes, "input", cancel);
        if (outcome.Failed(out var fault, out var file))
        {
            return fault;
        }

        return file.Url ?? $"{client.Provider.Base.AbsoluteUri}files/{Uri.EscapeDataString(file.Id)}";
    }

    private static string DataUrlOf(InlineSource source) =>
        string.Concat("data:", source.MediaType, ";base64,", Convert.ToBase64String(source.Bytes.Span));

    // Some models tell formats by the name's ending.
    private static string ExtensionOf(string mediaType) =>
        mediaType switch
        {
            "image/png" => ".png",
            "image/jpeg" => ".jpg",
            "image/webp" => ".webp",
            "image/gif" => ".gif",
            "audio/mpeg" or "audio/mp3" => ".mp3",
            "audio/wav" or "audio/x-wav" => ".wav",
            "audio/mp4" or "audio/x-m4a" => ".m4a",
            "audio/ogg" => ".ogg",
            "audio/flac" => ".flac",
            "audio/webm" or "video/webm" => ".webm",
            "video/mp4" => ".mp4",
            "video/quicktime" => ".mov",
            "application/pdf" => ".pdf",
            _ => "",
        };
}
