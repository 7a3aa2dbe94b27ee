using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Stops a video that is being made and forgets it. Replicate itself has no way to delete a prediction.</summary>
internal sealed class VideoDeleteCarrier(ReplicateRuntime runtime, VideoJobs jobs, VideoAccess access) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (access.JobOf(exchange).Failed(out var fault, out var pinned))
        {
            return fault;
        }

        if ((await access.LookAsync(exchange, cancel)).Failed(out fault, out var now))
        {
            return fault;
        }

        if (
            !now.Prediction.IsTerminal
            && (await runtime.ClientOf(pinned.Provider, pinned.Key).CancelAsync(pinned.UpstreamId, cancel)).Failed(out fault, out _)
        )
        {
            return fault;
        }

        var account = VideoJobs.AccountOf(pinned.Provider.Id, pinned.Key);
        var record = jobs.TryFind(account, pinned.UpstreamId, out var known)
            ? known
            : new VideoRecord(account, pinned.UpstreamId, now.Job, runtime.Clock.GetUtcNow());
        jobs.Put(record with { Deleted = true });
        return WrittenAnswer.Of<object, VideoDeleted>(new VideoDeleted(exchange.PathId!), null);
    }
}
