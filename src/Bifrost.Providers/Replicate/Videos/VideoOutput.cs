using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>The film that a prediction made.</summary>
internal static class VideoOutput
{
    /// <summary>An http(s) or data URL, or why there is none (yet, or any more).</summary>
    public static Outcome<string> Of(Prediction prediction)
    {
        if (!prediction.IsTerminal)
        {
            var word = prediction.Status == PredictionStatus.Processing ? "being made" : "waiting to be made";
            return new Fault(FaultKind.Conflict, $"The video is still {word}. Ask again when its status is completed.")
            {
                Code = "video_not_ready",
            };
        }

        if (prediction.Status != PredictionStatus.Succeeded)
        {
            return new Fault(FaultKind.NotFound, $"There is no video: making it failed. {prediction.Error}".TrimEnd())
            {
                Code = "video_failed",
            };
        }

        var files = PredictionFiles.Of(prediction.Output);
        return files.Count > 0 ? files[0]
            : prediction.DataRemoved
                ? new Fault(FaultKind.Gone, "The video is no longer kept: Replicate removes what a prediction made an hour after its end.")
            : new Fault(FaultKind.UpstreamError, $"The model finished without a video (prediction {prediction.Id}).")
            {
                Code = "empty_output",
            };
    }
}
