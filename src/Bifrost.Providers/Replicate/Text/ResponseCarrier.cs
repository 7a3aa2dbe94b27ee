using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Responses: as chat, with ids under which the prediction can be found again, and in the background if asked.</summary>
internal sealed class ResponseCarrier(ReplicateRuntime runtime) : ICarrier
{
    public const string Prefix = "resp_";

    /// <summary>No prediction runs longer: Replicate ends all of them after 30 minutes.</summary>
    private static readonly TimeSpan BackgroundLife = TimeSpan.FromMinutes(30);

    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<Conversation>().Failed(out var fault, out var asked))
        {
            return fault;
        }

        Outcome<IReadOnlyList<MappedInput>> Map(ResolvedModel model, MappingOptions options) =>
            ChatCarrier.One(ChatMapping.Map(asked, model.Schema, model.Family, options, responses: true));

        string Name(string id) => PinnedId.Seal(Prefix, target.Provider, target.Key, id, exchange.AskedModel);

        if (asked.Background && !exchange.Streams)
        {
            return await QueueAsync(exchange, target, asked, Map, Name, cancel);
        }

        return await new TextWork(runtime, exchange, target, cancel) { NameReply = Name }.AnswerAsync(asked, Map);
    }

    private async Task<Outcome<Answer>> QueueAsync(
        Exchange exchange,
        Target target,
        Conversation asked,
        Func<ResolvedModel, MappingOptions, Outcome<IReadOnlyList<MappedInput>>> map,
        Func<string, string> name,
        CancellationToken cancel
    )
    {
        if ((await PredictionLaunch.PrepareAsync(runtime, exchange, target, map, cancel)).Failed(out var fault, out var launch))
        {
            return fault;
        }

        using (launch)
        {
            var started = await launch.StartAsync(0, new CreateOptions { CancelAfter = BackgroundLife }, cancel);
            if (started.Failed(out fault, out var running))
            {
                return fault;
            }

            // From here on it belongs to whoever knows its id.
            running.Release();
            var reply = ResponseReply.Of(running.Latest, name(running.Id), exchange.AskedModel, runtime.Clock);
            return WrittenAnswer.Of(reply, asked);
        }
    }
}
