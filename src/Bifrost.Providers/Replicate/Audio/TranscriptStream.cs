using System.Runtime.CompilerServices;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A transcript as a stream: piece by piece from models that write so, else all at once.</summary>
internal static class TranscriptStream
{
    /// <summary>Owns <paramref name="work"/>.</summary>
    public static async IAsyncEnumerable<TranscriptDelta> Of(
        TranscriptionWork work,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        using (work)
        {
            if ((await work.FinishAsync(cancel)).Failed(out var fault, out var transcript))
            {
                yield return new TranscriptFailed(fault);
                yield break;
            }

            yield return new TranscriptPiece(transcript.Text);
            yield return new TranscriptFinished(transcript);
        }
    }
}
