using System.Runtime.CompilerServices;
using System.Text;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A transcript as a stream: piece by piece from models that write so, else all at once.</summary>
internal static class TranscriptStream
{
    /// <summary>Owns <paramref name="work"/>.</summary>
    public static async IAsyncEnumerable<TranscriptDelta> OpenAsync(
        TranscriptionWork work,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using (work)
        {
            if (work.Launch.Starts[0].Input.Output == OutputKind.TextStream)
            {
                await foreach (var delta in PiecewiseAsync(work, cancel))
                {
                    yield return delta;
                }

                yield break;
            }

            if ((await work.FinishAsync(cancel)).Failed(out var fault, out var transcript))
            {
                yield return new TranscriptFailed(fault);
                yield break;
            }

            yield return new TranscriptPiece(transcript.Text);
            yield return new TranscriptFinished(transcript);
        }
    }

    private static async IAsyncEnumerable<TranscriptDelta> PiecewiseAsync(
        TranscriptionWork work,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if ((await work.Runs.StartAsync(0, cancel, blocking: false)).Failed(out var fault, out var running))
        {
            yield return new TranscriptFailed(fault);
            yield break;
        }

        using (running)
        {
            var text = new StringBuilder();
            var follower = new TextFollower(running, blocking: false, work.Runs.Deadline, inPieces: true);
            await foreach (var more in follower.FollowAsync(cancel))
            {
                text.Append(more);
                yield return new TranscriptPiece(more);
            }

            if (follower.Fault is { } broken || (await work.ReadAsync(running.Latest, cancel)).Failed(out broken, out var transcript))
            {
                yield return new TranscriptFailed(broken);
                yield break;
            }

            // The stream may end a moment before the prediction shows its output.
            yield return new TranscriptFinished(transcript with { Text = text.ToString().Trim() });
        }
    }
}
