using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Makes and edits pictures. What the model cannot count is asked for as often as there are pictures wanted, all at once.</summary>
internal sealed class ImageCarrier(ReplicateRuntime runtime, ReplicateWebhooks webhooks) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<ImageRequest>().Failed(out var fault, out var request))
        {
            return fault;
        }

        if ((await PrepareAsync(exchange, target, request, cancel)).Failed(out fault, out var work))
        {
            return fault;
        }

        if (request.Streams)
        {
            return StreamedAnswer.Of(ImageStream.OpenAsync(work, cancel), request, exchange.CallerSpeaks);
        }

        using (work)
        {
            return (await work.FinishAsync(cancel)).Failed(out fault, out var reply)
                ? fault
                : WrittenAnswer.Of<ImageRequest, ImageReply>(reply, request);
        }
    }

    private async Task<Outcome<ImageWork>> PrepareAsync(Exchange exchange, Target target, ImageRequest request, CancellationToken cancel)
    {
        var prepared = await PredictionLaunch.PrepareAsync(
            runtime,
            exchange,
            target,
            (model, options) =>
                ImageMapping.Map(request, model.Schema, model.Family, options).Failed(out var unmapped, out var input)
                    ? unmapped
                    : Outcome<IReadOnlyList<MappedInput>>.Of([input]),
            cancel
        );
        if (prepared.Failed(out var fault, out var launch))
        {
            return fault;
        }

        var budget = ReplicateRuntime.BudgetOf(exchange, target);
        var runs = new PredictionRuns(launch, budget, webhooks.AddressFor(exchange, target), sized: request.Size is not null);
        return new ImageWork(exchange, request, launch, runs);
    }
}
