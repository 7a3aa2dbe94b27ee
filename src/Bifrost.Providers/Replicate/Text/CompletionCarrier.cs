using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Legacy completions: each prompt text has its own predictions, one for each choice.</summary>
internal sealed class CompletionCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<Prompt>().Failed(out var fault, out var asked))
        {
            return fault;
        }

        var work = new TextWork(runtime, exchange, target, cancel)
        {
            Echo = choice => asked.Echo ? asked.Texts[choice / asked.Count] : null,
        };
        return await work.AnswerAsync(asked, (model, options) => CompletionMapping.Map(asked, model.Schema, model.Family, options));
    }
}
