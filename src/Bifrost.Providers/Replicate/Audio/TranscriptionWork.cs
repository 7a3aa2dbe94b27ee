using System.Text;
using Bifrost.Core;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>One request to write speech down, prepared.</summary>
internal sealed class TranscriptionWork(Exchange exchange, TranscriptionRequest request, PredictionLaunch launch, PredictionRuns runs)
    : IDisposable
{
    private const long MaxSubtitleBytes = 16 << 20;

    public PredictionLaunch Launch => launch;

    public PredictionRuns Runs => runs;

    public TranscriptionRequest Request => request;

    public async Task<Outcome<Transcript>> FinishAsync(CancellationToken cancel) =>
        (await runs.OneAsync(0, cancel)).Failed(out var fault, out var done) ? Failed(fault) : await ReadAsync(done, cancel);

    /// <summary>What ran is billed even if nothing came of it.</summary>
    public Fault Failed(Fault fault)
    {
        exchange.Usage = runs.Spent;
        return fault;
    }

    /// <summary>What a successful prediction wrote down.</summary>
    public async Task<Outcome<Transcript>> ReadAsync(Prediction done, CancellationToken cancel)
    {
        var usage = PredictionUsage.Of(done);
        exchange.Usage = usage ?? PredictionUsage.Metered(done);
        var transcript = TranscriptOutput.Read(done, request) with { Usage = usage };
        if (transcript.Subtitles is not null || TranscriptOutput.SubtitleFileOf(done, request.Format) is not { } file)
        {
            return transcript;
        }

        var fetched = await OutputFiles.DownloadAsync(file, launch.Client.Runtime.Outbound, MaxSubtitleBytes, cancel);
        return fetched.Failed(out var fault, out var content)
            ? fault
            : transcript with
            {
                Subtitles = Encoding.UTF8.GetString(content.Bytes.Span),
            };
    }

    public void Dispose() => launch.Dispose();
}
