using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>A prediction as a video job.</summary>
internal static class VideoView
{
    /// <summary>Replicate removes what a prediction made an hour after its end.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private const double TypicalSeconds = 90;

    /// <param name="known">What was known before; its id, model, prompt and the like stay.</param>
    /// <param name="prediction">As it is now.</param>
    /// <param name="now">The time.</param>
    public static VideoJob Of(VideoJob known, Prediction prediction, DateTimeOffset now)
    {
        var over = prediction.IsTerminal ? prediction.CompletedAt ?? known.CompletedAt ?? now : (DateTimeOffset?)null;
        var job = known with { CreatedAt = prediction.CreatedAt ?? known.CreatedAt, ErrorCode = null, ErrorMessage = null };
        return prediction.Status switch
        {
            PredictionStatus.Succeeded => job with
            {
                Status = VideoStatus.Completed,
                Progress = 100,
                CompletedAt = over,
                ExpiresAt = over + Kept,
            },
            PredictionStatus.Failed => Failed(job, over, "failed", Reason(prediction)),
            PredictionStatus.Canceled => Failed(job, over, "canceled", prediction.Error ?? "The prediction was cancelled."),
            PredictionStatus.Aborted => Failed(
                job,
                over,
                "expired",
                prediction.Error ?? "The prediction ended before it was started; nothing was billed."
            ),
            PredictionStatus.Processing => job with { Status = VideoStatus.InProgress, Progress = ProgressOf(prediction, known, now) },
            // An unknown word is no end; until it changes the job waits.
            _ => job with { Status = known.Status == VideoStatus.InProgress ? VideoStatus.InProgress : VideoStatus.Queued },
        };
    }

    private static VideoJob Failed(VideoJob job, DateTimeOffset? over, string code, string message) =>
        job with
        {
            Status = VideoStatus.Failed,
            CompletedAt = over,
            ErrorCode = code,
            ErrorMessage = message,
        };

    private static string Reason(Prediction prediction) =>
        ReplicateFaults.OfPrediction(prediction)?.Fault.Message ?? prediction.Error ?? "The model failed without a reason.";

    // Without a progress bar in the logs we can only say that the longer it runs, the nearer it is. Never goes back.
    private static int ProgressOf(Prediction prediction, VideoJob known, DateTimeOffset now)
    {
        var seconds = Math.Max(0, (now - (prediction.StartedAt ?? prediction.CreatedAt ?? now)).TotalSeconds);
        var guess = LogProgress.Of(prediction.Logs) ?? (int)(95 * (1 - Math.Exp(-seconds / TypicalSeconds)));
        return Math.Clamp(guess, known.Status == VideoStatus.InProgress ? known.Progress : 0, 99);
    }
}
