using System.Globalization;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Has a video made, without waiting for it.</summary>
internal sealed class VideoOrder(ReplicateRuntime runtime, ReplicateWebhooks webhooks, VideoJobs jobs)
{
    /// <summary>Replicate itself stops after half an hour of running; as much again may pass in the queue.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <param name="exchange">Where notes and ids go.</param>
    /// <param name="target">Model and account.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="map">Maps it, or says why not.</param>
    /// <param name="remixedFrom">Our id of the video it starts from, or null.</param>
    /// <param name="cancel">When the caller leaves before the order is placed.</param>
    public async Task<Outcome<VideoJob>> PlaceAsync(
        Exchange exchange,
        Target target,
        VideoRequest request,
        Func<ResolvedModel, MappingOptions, Outcome<MappedInput>> map,
        string? remixedFrom,
        CancellationToken cancel
    )
    {
        var prepared = await PredictionLaunch.PrepareAsync(
            runtime,
            exchange,
            target,
            (model, options) =>
                map(model, options).Failed(out var unmapped, out var input) ? unmapped : Outcome<IReadOnlyList<MappedInput>>.Of([input]),
            cancel
        );
        if (prepared.Failed(out var fault, out var launch))
        {
            return fault;
        }

        using (launch)
        {
            var options = new CreateOptions { CancelAfter = Life, Webhook = webhooks.AddressFor(exchange, target) };
            if ((await launch.StartAsync(0, options, cancel)).Failed(out fault, out var running))
            {
                return fault;
            }

            running.Release();
            return Remember(exchange, target, request, launch.Starts[0].Input.Effective, running.Latest, remixedFrom);
        }
    }

    private VideoJob Remember(
        Exchange exchange,
        Target target,
        VideoRequest request,
        EffectiveFacts facts,
        Prediction created,
        string? remixedFrom
    )
    {
        // Replicate takes its money when the film is made; nobody may be there to ask by then.
        exchange.Usage = facts.VideoSeconds is { } seconds ? new Usage { VideoSeconds = seconds, Estimated = true } : null;
        var now = runtime.Clock.GetUtcNow();
        var blank = new VideoJob
        {
            Id = PinnedId.Seal(VideoAccess.Prefix, target.Provider, target.Key, created.Id, target.Model),
            Model = exchange.AskedModel.Length > 0 ? exchange.AskedModel : $"{target.Provider.Id}/{target.Model}",
            Status = VideoStatus.Queued,
            CreatedAt = created.CreatedAt ?? now,
            Prompt = request.Prompt,
            Seconds = facts.VideoSeconds?.ToString("0.##", CultureInfo.InvariantCulture),
            Size = facts.Size ?? (facts.AspectRatio is null ? null : request.Size),
            RemixedFrom = remixedFrom,
        };
        var job = VideoView.Of(blank, created, now);
        jobs.Put(
            new VideoRecord(VideoJobs.AccountOf(target.Provider.Id, target.Key), created.Id, job, now)
            {
                OrderedSeconds = facts.VideoSeconds,
            }
        );
        return job;
    }
}
