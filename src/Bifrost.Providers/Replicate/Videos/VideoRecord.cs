using Bifrost.Wire.Canonical.Videos;

namespace Bifrost.Providers.Replicate;

/// <summary>What the gateway remembers of a video it had made. Immutable.</summary>
/// <param name="Account">Which provider and key it belongs to, see <see cref="VideoJobs.AccountOf"/>.</param>
/// <param name="UpstreamId">The prediction.</param>
/// <param name="Job">As it was seen last.</param>
/// <param name="SeenAt">When that was.</param>
internal sealed record VideoRecord(string Account, string UpstreamId, VideoJob Job, DateTimeOffset SeenAt)
{
    /// <summary>The caller has no more use for it.</summary>
    public bool Deleted { get; init; }

    /// <summary>Seconds that it was ordered with, for the bill.</summary>
    public double? OrderedSeconds { get; init; }

    public bool IsOver => Job.Status is VideoStatus.Completed or VideoStatus.Failed;
}
