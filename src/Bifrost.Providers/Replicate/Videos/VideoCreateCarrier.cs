using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

internal sealed class VideoCreateCarrier(VideoOrder order) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<VideoRequest>().Failed(out var fault, out var request))
        {
            return fault;
        }

        var placed = await order.PlaceAsync(
            exchange,
            target,
            request,
            (model, options) => VideoMapping.Map(request, model.Schema, model.Family, options),
            remixedFrom: null,
            cancel
        );
        return placed.Failed(out fault, out var job) ? fault : WrittenAnswer.Of<object, VideoJob>(job, null);
    }
}
