using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A response asked for again, or cancelled: the prediction its id names, with the key that made it.</summary>
internal sealed class ResponseGetCarrier(ReplicateRuntime runtime, bool cancels) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Pinned is not { } job)
        {
            return new Fault(FaultKind.NotFound, $"There is no response \"{exchange.PathId}\".") { Param = "response_id" };
        }

        exchange.UpstreamId = job.UpstreamId;
        var client = runtime.ClientOf(job.Provider, job.Key);
        var outcome = cancels ? await client.CancelAsync(job.UpstreamId, cancel) : await client.GetAsync(job.UpstreamId, cancel);
        if (outcome.Failed(out var fault, out var prediction))
        {
            return fault;
        }

        if (prediction is { DataRemoved: true, Status: PredictionStatus.Succeeded })
        {
            return new Fault(FaultKind.Gone, "The response has expired: Replicate keeps output for an hour.") { Param = "response_id" };
        }

        // It takes a moment to end; that it will is certain.
        var shown = cancels && !prediction.IsTerminal ? prediction with { Status = PredictionStatus.Canceled } : prediction;
        var reply = ResponseReply.Of(shown, exchange.PathId!, job.Model, runtime.Clock);
        exchange.Usage = reply.Usage;
        return WrittenAnswer.Of<Conversation, Reply>(reply, null);
    }
}
