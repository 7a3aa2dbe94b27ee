using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Chat completions: a conversation is one prediction for each choice.</summary>
internal sealed class ChatCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<Conversation>().Failed(out var fault, out var asked))
        {
            return fault;
        }

        return await new TextWork(runtime, exchange, target, cancel).AnswerAsync(
            asked,
            (model, options) => One(ChatMapping.Map(asked, model.Schema, model.Family, options))
        );
    }

    internal static Outcome<IReadOnlyList<MappedInput>> One(Outcome<MappedInput> mapped) =>
        mapped.Failed(out var fault, out var input) ? fault : (MappedInput[])[input];
}
