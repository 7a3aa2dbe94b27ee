using Bifrost.Core;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Finds the video that an id of ours names, at the account that made it and at no other.</summary>
internal sealed class VideoAccess(ReplicateRuntime runtime, VideoJobs jobs)
{
    public const string Prefix = "video_";

    /// <summary>The job behind the id in the path.</summary>
    public Outcome<PinnedJob> JobOf(Exchange exchange)
    {
        var id = exchange.PathId ?? "";
        if (exchange.Pinned is not { } pinned || pinned.Provider.Kind is not ReplicateProvider)
        {
            return NotFound(id);
        }

        return jobs.TryFind(VideoJobs.AccountOf(pinned.Provider.Id, pinned.Key), pinned.UpstreamId, out var record) && record.Deleted
            ? NotFound(id)
            : pinned;
    }

    /// <summary>Asks how the job is, and remembers it.</summary>
    public async Task<Outcome<(Prediction Prediction, VideoJob Job)>> LookAsync(Exchange exchange, CancellationToken cancel)
    {
        if (JobOf(exchange).Failed(out var fault, out var pinned))
        {
            return fault;
        }

        exchange.UpstreamId = pinned.UpstreamId;
        var outcome = await runtime.ClientOf(pinned.Provider, pinned.Key).GetAsync(pinned.UpstreamId, cancel);
        if (outcome.Failed(out fault, out var prediction))
        {
            return fault.Kind == FaultKind.NotFound ? NotFound(exchange.PathId!) : fault;
        }

        return (prediction, Observe(exchange, pinned, prediction));
    }

    /// <summary>The job as the prediction shows it now. What the video cost is noted the first time it is seen complete.</summary>
    public VideoJob Observe(Exchange exchange, PinnedJob pinned, Prediction prediction)
    {
        var now = runtime.Clock.GetUtcNow();
        if (jobs.Observe(pinned.Provider.Id, pinned.Key, prediction, now) is not var (before, after))
        {
            return VideoView.Of(Blank(exchange.PathId!, pinned, now), prediction, now);
        }

        if (!before.IsOver && after.Job.Status == VideoStatus.Completed)
        {
            exchange.Usage = PredictionUsage.Metered(prediction) with { VideoSeconds = after.OrderedSeconds ?? 0 };
        }

        return after.Job;
    }

    /// <summary>All that is known of a job from its id alone.</summary>
    public static VideoJob Blank(string id, PinnedJob pinned, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Model = $"{pinned.Provider.Id}/{pinned.Model}",
            Status = VideoStatus.Queued,
            CreatedAt = now,
        };

    /// <summary>The accounts whose jobs a caller may see: that of the key it brought, else all that are configured.</summary>
    public static Dictionary<string, KeyModel> AccountsOf(Exchange exchange, ProviderModel provider)
    {
        IReadOnlyList<KeyModel> keys = exchange.DirectKey is { } own ? [own] : provider.Keys;
        var accounts = new Dictionary<string, KeyModel>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            accounts[VideoJobs.AccountOf(provider.Id, key)] = key;
        }

        return accounts;
    }

    public static Fault NotFound(string id) =>
        new(
            FaultKind.NotFound,
            $"There is no video \"{(id.Length <= 80 ? id : $"{id.AsSpan(0, 80)}…")}\" here: the id is unknown, was deleted, or its key is no longer configured."
        );
}
