using System.Runtime.CompilerServices;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Pictures as a stream: one event for each finished picture, and before it the drafts of a model that shows them.</summary>
internal static class ImageStream
{
    /// <summary>Owns <paramref name="work"/>.</summary>
    public static async IAsyncEnumerable<ImageDelta> OpenAsync(ImageWork work, [EnumeratorCancellation] CancellationToken cancel)
    {
        using (work)
        {
            if (work.Request is { PartialImages: > 0, Count: 1 } && work.Launch.Starts is [{ Input.Output: OutputKind.FileStream }])
            {
                await foreach (var delta in WithDraftsAsync(work, cancel))
                {
                    yield return delta;
                }

                yield break;
            }

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

    private static async IAsyncEnumerable<ImageDelta> WithDraftsAsync(ImageWork work, [EnumeratorCancellation] CancellationToken cancel)
    {
        if ((await work.Runs.StartAsync(0, cancel, blocking: false)).Failed(out var fault, out var running))
        {
            yield return new PicturesFailed(fault);
            yield break;
        }

        using (running)
        {
            if (running is { Latest: { IsTerminal: false, StreamUrl: { } address } })
            {
                var (line, refused) = await PredictionEvents.OpenAsync(running.Client, address, text: null, inPieces: false, cancel);
                if (refused is not null)
                {
                    yield return new PicturesFailed(refused);
                    yield break;
                }

                await using (line)
                {
                    await foreach (var draft in DraftsAsync(work, line, cancel))
                    {
                        yield return draft;
                    }
                }
            }

            // Whatever became of the line, the prediction itself knows its end.
            if ((await work.EndAsync(running, cancel)).Failed(out fault, out var reply))
            {
                yield return new PicturesFailed(fault);
                yield break;
            }

            yield return new PictureFinished(reply.Pictures[^1], reply.CreatedAt, reply.Usage);
        }
    }

    /// <summary>A draft is one that another picture follows; a draft that cannot be fetched is left out.</summary>
    private static async IAsyncEnumerable<ImageDelta> DraftsAsync(
        ImageWork work,
        PredictionEvents? line,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        string? newest = null;
        var shown = 0;
        while (line is not null && await line.NextAsync(cancel) is { Kind: EventKind.Output or EventKind.Error } heard)
        {
            if (heard.Kind != EventKind.Output || heard.Text.Length == 0)
            {
                continue;
            }

            if (
                newest is not null
                && shown < work.Request.PartialImages
                && !(await work.Delivery.OneAsync(newest, cancel)).Failed(out _, out var picture)
            )
            {
                yield return new PartialPicture(shown++, picture, work.Now);
            }

            newest = heard.Text;
        }
    }
}
