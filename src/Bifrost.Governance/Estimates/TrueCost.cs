using Bifrost.Core.Contracts;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Estimates;

/// <summary>
/// What a call did cost:
/// <list type="table">
/// <item><term>Served, with usage</term><description>its usage.</description></item>
/// <item><term>Served, without usage</term><description>input by the bytes of the request, output by the bytes of the answer; estimated. A job that goes
/// on after its answer (a film, a response in the background) costs what was expected of it.</description></item>
/// <item><term>Refused, or never started</term><description>nothing.</description></item>
/// <item><term>Failed with usage</term><description>that, without a price for the call as such.</description></item>
/// <item><term>Cut off</term><description>by the caller, the time or the line: usage if there is any, else input and the output so far; estimated.</description></item>
/// </list>
/// Hardware seconds that nobody reports are the time that passed.
/// </summary>
internal static class TrueCost
{
    public static CallCost Of(TargetPrice priced, in CallFacts facts, in CallEnd end, DateTimeOffset at)
    {
        if (end.Usage is { Estimated: false } reported && end.Fault is null)
        {
            priced.Learned.Learn(reported, facts.TextBytes, facts.Choices, facts.Runs);
        }

        if (priced.Price is not { } price)
        {
            return Unpriced(priced, facts, end);
        }

        var outcome = end.Fault is null ? CallOutcome.Succeeded : CallOutcome.Failed;
        var call = Estimate.CallOf(priced, facts, at, outcome, end.Batch);
        if (end.Usage is { } usage && Charged(price, call, usage) is { } exact)
        {
            return exact;
        }

        if (!end.MayHaveRun)
        {
            return new CallCost { Usage = end.Usage };
        }

        var guess = Guess(priced, facts, end);
        return Charged(price, call, guess)
            ?? new CallCost
            {
                Usage = guess,
                Estimated = true,
                Unpriced = end.Fault is null,
            };
    }

    /// <summary>Of a call that is over, of which nothing is left but what it used.</summary>
    public static PastCost Of(PastCall past, ModelPrice price)
    {
        var isHeard = past.Operation is Operation.Transcription or Operation.Translation;
        var usage = isHeard ? past.Usage with { AudioInputTokens = past.AudioTokens } : past.Usage;
        var call = new PricedCall { At = past.At, Outcome = past.Failed ? CallOutcome.Failed : CallOutcome.Succeeded };
        return Charged(price, call, usage) is { } cost ? new PastCost(cost.ToCharge(), null)
            // Failed before it used anything: there is nothing to pay for.
            : past.Failed && usage.TotalTokens == 0 ? new PastCost(CallCost.Nothing.ToCharge(), null)
            : new PastCost(null, PastDoubt.NoPrice);
    }

    /// <summary>Null if nothing of the usage has a price.</summary>
    private static CallCost? Charged(ModelPrice price, PricedCall call, Usage usage) =>
        CostComputation.TryTotal(price, Quantities.Of(usage), call, out var total, out var incomplete)
            ? new CallCost(price, call)
            {
                Cost = total.ToNanodollars(),
                Usage = usage,
                Estimated = usage.Estimated || price.Assumed,
                Unpriced = incomplete,
            }
            : null;

    private static CallCost Unpriced(TargetPrice priced, in CallFacts facts, in CallEnd end)
    {
        var usage = end.Usage ?? (end.MayHaveRun ? Guess(priced, facts, end) : null);
        return usage is null
            ? CallCost.Nothing
            : new CallCost
            {
                Usage = usage,
                Estimated = usage.Estimated,
                Unpriced = true,
            };
    }

    private static Usage Guess(TargetPrice priced, in CallFacts facts, in CallEnd end)
    {
        var known = end.Usage ?? Nothing;
        var expected = Estimate.Expected(priced, facts);
        return known with
        {
            InputTokens = known.InputTokens > 0 ? known.InputTokens : expected.InputTokens,
            OutputTokens = known.OutputTokens > 0 ? known.OutputTokens : Output(priced, facts, end, expected.OutputTokens),
            Images = known.Images > 0 ? known.Images : expected.Images,
            VideoSeconds = known.VideoSeconds > 0 ? known.VideoSeconds : expected.VideoSeconds,
            ComputeSeconds =
                known.ComputeSeconds > 0 || !priced.Sells(RateKind.ComputeSecond) ? known.ComputeSeconds
                : Estimate.MakesVideo(facts.Operation) ? expected.ComputeSeconds
                : Math.Min(end.Elapsed.TotalSeconds, facts.Patience.TotalSeconds) * facts.Runs,
            Estimated = true,
        };
    }

    private static readonly Usage Nothing = new();

    private static long Output(TargetPrice priced, in CallFacts facts, in CallEnd end, long expected)
    {
        if (facts.Operation == Operation.Embedding)
        {
            return 0;
        }

        if (Estimate.MakesMedia(facts.Operation))
        {
            return expected;
        }

        var seen = (long)Math.Ceiling(end.OutputBytes / LearnedUse.UsualBytesPerToken);

        // A whole response without usage is one that has only begun.
        var begun = facts.Operation == Operation.Response && !end.Streamed && end.Fault is null && end.Usage is null;
        var output = begun ? Math.Max(seen, expected) : seen;
        return Estimate.OutputCap(priced, facts) is { } cap && facts.Choices < int.MaxValue
            ? Math.Min(output, cap * facts.Choices)
            : output;
    }
}
