using System.Runtime.CompilerServices;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Pictures as a stream: one event for each finished picture.</summary>
internal static class ImageStream
{
    /// <summary>Owns <paramref name="work"/>.</summary>
    public static async IAsyncEnumerable<ImageDelta> Of(ImageWork work, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using (work)
        {
            if ((await work.FinishAsync(cancel)).Failed(out var fault, out var reply))
            {
                yield return new PicturesFailed(fault);
                yield break;
            }

            for (var i = 0; i < reply.Pictures.Count; i++)
            {
                var last = i == reply.Pictures.Count - 1;
                yield return new PictureFinished(reply.Pictures[i], reply.CreatedAt, last ? reply.Usage : null);
            }
        }
    }
}
