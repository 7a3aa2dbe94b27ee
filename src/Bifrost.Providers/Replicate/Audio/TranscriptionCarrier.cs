using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Writes speech down, in its language or in English.</summary>
internal sealed class TranscriptionCarrier(ReplicateRuntime runtime, ReplicateWebhooks webhooks) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<TranscriptionRequest>().Failed(out var fault, out var request))
        {
            return fault;
        }

        var prepared = await PredictionLaunch.PrepareAsync(
            runtime,
            exchange,
            target,
            (model, options) =>
                TranscriptionMapping.Map(request, model.Schema, model.Family, options).Failed(out var unmapped, out var input)
                    ? unmapped
                    : Outcome<IReadOnlyList<MappedInput>>.Of([input]),
            cancel
        );
        if (prepared.Failed(out fault, out var launch))
        {
            return fault;
        }

        var runs = new PredictionRuns(launch, ReplicateRuntime.BudgetOf(exchange, target), webhooks.AddressFor(exchange, target));
        var work = new TranscriptionWork(exchange, request, launch, runs);
        if (request.Streams)
        {
            return StreamedAnswer.Of(TranscriptStream.OpenAsync(work, cancel), request, exchange.CallerSpeaks);
        }

        using (work)
        {
            return (await work.FinishAsync(cancel)).Failed(out fault, out var transcript)
                ? fault
                : WrittenAnswer.Of<TranscriptionRequest, Transcript>(transcript, request);
        }
    }
}
