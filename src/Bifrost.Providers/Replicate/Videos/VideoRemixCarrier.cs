using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Makes a video from an earlier one, with the model that made the earlier one, where that model takes videos.</summary>
internal sealed class VideoRemixCarrier(VideoAccess access, VideoOrder order) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<RemixRequest>().Failed(out var fault, out var remix) || access.JobOf(exchange).Failed(out fault, out _))
        {
            return fault;
        }

        if ((await access.LookAsync(exchange, cancel)).Failed(out fault, out var now))
        {
            return fault;
        }

        if (VideoOutput.Of(now.Prediction).Failed(out fault, out var video))
        {
            return fault;
        }

        var request = new VideoRequest
        {
            Model = target.Model,
            Prompt = remix.Prompt,
            VideoUri = video,
            Extensions = remix.Extensions,
        };
        var placed = await order.PlaceAsync(
            exchange,
            target,
            request,
            (model, options) => Map(request, model, options),
            exchange.PathId,
            cancel
        );
        return placed.Failed(out fault, out var job) ? fault : WrittenAnswer.Of<object, VideoJob>(job, null);
    }

    private static Outcome<MappedInput> Map(VideoRequest request, ResolvedModel model, MappingOptions options) =>
        model.Schema?.FirstOf("video", "input_video", "video_url", "source_video", "reference_video") is null
            ? new Fault(
                FaultKind.NotOffered,
                $"{model.Family} cannot remix: it takes no video as input. Make a new video, or use a model that has a `video` input."
            )
            : VideoMapping.Map(request, model.Schema, model.Family, options);
}
