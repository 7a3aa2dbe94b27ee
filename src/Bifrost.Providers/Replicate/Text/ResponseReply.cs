using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>A prediction as the response it was started as.</summary>
internal static class ResponseReply
{
    public static Reply Of(Prediction prediction, string id, string model, TimeProvider clock)
    {
        var fault = ReplicateFaults.OfPrediction(prediction)?.Fault;
        var status = prediction.Status switch
        {
            PredictionStatus.Starting => ReplyStatus.Queued,
            PredictionStatus.Succeeded => ReplyStatus.Completed,
            PredictionStatus.Failed => ReplyStatus.Failed,
            PredictionStatus.Canceled or PredictionStatus.Aborted => ReplyStatus.Cancelled,
            _ => ReplyStatus.InProgress,
        };
        return new Reply
        {
            Id = id,
            CreatedAt = prediction.CreatedAt ?? clock.GetUtcNow(),
            Model = model,
            Status = status,
            Fault = status == ReplyStatus.Failed ? fault : null,
            Choices = status == ReplyStatus.Completed ? [ChoiceOf(prediction, model)] : [],
            Usage = status == ReplyStatus.Completed ? PredictionUsage.Of(prediction) : null,
        };
    }

    private static Choice ChoiceOf(Prediction prediction, string model)
    {
        var thinksFirst =
            !ModelReference.Parse(prediction.Model ?? model).Failed(out _, out var reference)
            && Overrides.BuiltIn.For(reference).ThinksFirst;
        var (reasoning, answer) = ThinkSplitter.Split(PredictionText.Join(prediction.Output), thinksFirst);
        return new Choice(0, WholeReply.Blocks(reasoning, answer), FinishReason.Stop);
    }
}
