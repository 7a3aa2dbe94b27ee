using Bifrost.Core.Outbound;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Pictures;
using Wanted = Bifrost.Wire.Dialects.Replicate.MaskPolarity;

namespace Bifrost.Providers.Replicate;

/// <summary>Makes the black and white mask a model wants of the transparent one a caller sends. A mask elsewhere has to be fetched for that.</summary>
internal static class MaskRecolouring
{
    public static async Task<Outcome<InlineSource>> ApplyAsync(
        MediaSource source,
        Wanted wanted,
        GuardedHttp http,
        long maxBytes,
        CancellationToken cancel
    )
    {
        if ((await BytesOfAsync(source, http, maxBytes, cancel)).Failed(out var fault, out var bytes))
        {
            return fault;
        }

        var polarity = wanted == Wanted.WhiteRepaints ? Wire.Pictures.MaskPolarity.WhiteRepaints : Wire.Pictures.MaskPolarity.BlackRepaints;
        return MaskConverter.Convert(bytes.Bytes, polarity).Failed(out fault, out var png)
            ? fault
            : new InlineSource(png, "image/png", "mask.png");
    }

    private static async Task<Outcome<FetchedContent>> BytesOfAsync(
        MediaSource source,
        GuardedHttp http,
        long maxBytes,
        CancellationToken cancel
    ) =>
        source switch
        {
            InlineSource here => new FetchedContent(here.Bytes, here.MediaType),
            UrlSource there when Uri.TryCreate(there.Url, UriKind.Absolute, out var address) => await http.DownloadAsync(
                address,
                maxBytes,
                cancel
            ),
            FileIdSource => Fault.Invalid(
                "A mask has to be recoloured for this model, and an uploaded file cannot be read back. Send the mask itself or its address."
            ),
            _ => Fault.Invalid("The mask's address is not one."),
        };
}
