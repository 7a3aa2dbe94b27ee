namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Where a prediction stands.</summary>
public enum PredictionStatus
{
    /// <summary>A word we do not know. Not an end.</summary>
    Unknown,
    Starting,
    Processing,
    Succeeded,
    Failed,

    /// <summary>Stopped while it ran; its time is billed.</summary>
    Canceled,

    /// <summary>Stopped before it ran; free.</summary>
    Aborted,
}
