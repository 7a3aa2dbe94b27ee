using Bifrost.Core.Contracts;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Prices;

namespace Bifrost.Governance.Estimates;

/// <summary>
/// What a call will probably cost and the most it can. The bound rests on these:
/// <list type="bullet">
/// <item>A token of text is at least one byte. Besides the body, providers put words of their own before the model:
/// <see cref="InjectedTokens"/>.</item>
/// <item>Where the body does not bound the input (pictures, files, whatever is only named), the model's context window does; a model whose window is
/// not known has no bound then. Text is never bounded by the window: that number may be old, the bytes are what they are.</item>
/// <item>Every kind of input token costs at most what the dearest kind costs, cache writes and audio included; likewise output.</item>
/// <item>Settings (size, quality) may turn out otherwise than asked: the dearest rule that holds at the hour bounds them all.</item>
/// </list>
/// </summary>
internal static class Estimate
{
    // Anthropic's documents on tool use list 300 to 530 tokens of instructions for having tools, and up to 735 for a tool of their own.
    public const long InjectedTokens = 1_024;

    // Windows are given in round numbers; a million may be 2^20.
    private const int WindowSlack = 20;

    /// <summary>No model writes more; a caller's cap beyond it is none.</summary>
    private const long LongestOutput = 10_000_000;

    /// <summary>Output of a model of which nothing is known, when the caller sets no cap.</summary>
    private const long UsualOutput = 1_000;

    // Of models of which nothing is known yet: a picture or an answer; a film.
    private const double UsualComputeSeconds = 10;
    private const double UsualFilmComputeSeconds = 120;

    public static CallEstimate Of(TargetPrice priced, in CallFacts facts, DateTimeOffset at)
    {
        var cap = OutputCap(priced, facts);
        var expectedTokens = Saturated(ExpectedInput(priced, facts), ExpectedOutput(priced, facts), facts.Choices);
        var estimate = new CallEstimate
        {
            ExpectedTokens = expectedTokens,
            Choices = facts.Choices,
            OutputCap = cap,
            CanLowerCap = MayCap(facts.Operation),
        };
        if (priced.Price is not { } price)
        {
            return estimate with { Unpriced = true };
        }

        var call = CallOf(priced, facts, at);
        var known = CostComputation.TryTotal(price, Expected(priced, facts), call, out var expected, out var incomplete);
        var most = new Ceiling(price, at);
        return estimate with
        {
            ExpectedCost = expected.ToNanodollars(),
            MostFixedCost = known && !incomplete ? MostFixed(priced, facts, most) : null,
            MostPerOutputToken = MakesMedia(facts.Operation) ? 0 : most.Output(MostInput(price, facts) ?? long.MaxValue).ToNanodollars(),
            Unpriced = !known || incomplete,
        };
    }

    /// <summary>What a call will probably use, as far as its price asks.</summary>
    public static Quantities Expected(TargetPrice priced, in CallFacts facts) =>
        new()
        {
            InputTokens = ExpectedInput(priced, facts),
            OutputTokens = ExpectedOutput(priced, facts) * facts.Choices,
            Images = facts.Media?.Count ?? 0,
            VideoSeconds = MakesVideo(facts.Operation) ? OrderedSeconds.Expected(facts) : 0,
            ComputeSeconds = priced.Sells(RateKind.ComputeSecond) ? ExpectedCompute(priced, facts) : 0,
        };

    public static long ExpectedInput(TargetPrice priced, in CallFacts facts)
    {
        if (facts.Operation is Operation.VideoCreate or Operation.VideoRemix)
        {
            return 0;
        }

        var tokens = (long)Math.Ceiling(facts.BodyBytes / priced.Learned.BytesPerToken);
        return priced.Price?.ContextWindow is { } window ? Math.Min(tokens, window) : tokens;
    }

    public static PricedCall CallOf(
        TargetPrice priced,
        in CallFacts facts,
        DateTimeOffset at,
        CallOutcome outcome = CallOutcome.Succeeded,
        bool batch = false
    ) =>
        priced.IsPlain && !batch
            ? PlainCalls[(int)outcome]
            : new PricedCall
            {
                At = at,
                Outcome = outcome,
                Batch = batch,
                Qualifiers = facts.Media?.Qualifiers ?? PlainCalls[0].Qualifiers,
            };

    /// <summary>Of a call whose price depends on nothing but what it used.</summary>
    private static readonly PricedCall[] PlainCalls =
    [
        .. Enum.GetValues<CallOutcome>().Select(static outcome => new PricedCall { At = DateTimeOffset.UnixEpoch, Outcome = outcome }),
    ];

    /// <summary>Most input tokens, or null if nothing bounds them.</summary>
    private static long? MostInput(ModelPrice price, in CallFacts facts) =>
        facts.HasMedia || facts.IsUpload ? price.ContextWindow + (price.ContextWindow / WindowSlack) : facts.BodyBytes + InjectedTokens;

    private static long? MostFixed(TargetPrice priced, in CallFacts facts, Ceiling most)
    {
        if (facts.Media is { Unread: true })
        {
            return null;
        }

        var price = priced.Price!;
        var total = most.Of(RateKind.Request, 1);
        if (priced.SellsTokens)
        {
            if (MostInput(price, facts) is not { } input)
            {
                return null;
            }

            total += most.Input(input) * input;
            if (MakesMedia(facts.Operation))
            {
                total += most.Output(input) * (PictureTokens.Most * Math.Max(1, facts.Media?.Count ?? 1));
            }
        }

        total += most.Of(RateKind.Image, facts.Media?.Count ?? 0);
        if (MakesVideo(facts.Operation) && priced.Sells(RateKind.VideoSecond))
        {
            if (OrderedSeconds.Most(facts) is not { } seconds)
            {
                return null;
            }

            total += most.Of(RateKind.VideoSecond, 1).ForMicros((Int128)CostComputation.Micros(seconds));
        }

        if (priced.Sells(RateKind.ComputeSecond))
        {
            total += most.Of(RateKind.ComputeSecond, 1).ForMicros((Int128)CostComputation.Micros(facts.Patience.TotalSeconds) * facts.Runs);
        }

        return total.ToNanodollars();
    }

    public static long? OutputCap(TargetPrice priced, in CallFacts facts)
    {
        if (facts.Operation == Operation.Embedding || MakesMedia(facts.Operation))
        {
            return 0;
        }

        if (!MayCap(facts.Operation))
        {
            return priced.Price?.ContextWindow;
        }

        return facts.OutputCap is >= 0 and <= LongestOutput ? facts.OutputCap : null;
    }

    public static long ExpectedOutput(TargetPrice priced, in CallFacts facts)
    {
        if (MakesMedia(facts.Operation))
        {
            return MakesPictures(facts.Operation) && priced.SellsTokens && !priced.Sells(RateKind.Image)
                ? PictureTokens.Expected(facts.Media) * Math.Max(1, facts.Media?.Count ?? 1)
                : 0;
        }

        var cap = OutputCap(priced, facts);
        var likely = priced.Learned.OutputTokens is { } learned ? (long)Math.Ceiling(learned) : cap ?? UsualOutput;
        return Math.Min(likely, cap ?? LongestOutput);
    }

    public static double ExpectedCompute(TargetPrice priced, in CallFacts facts) =>
        Math.Min(
            priced.Learned.ComputeSeconds ?? (MakesVideo(facts.Operation) ? UsualFilmComputeSeconds : UsualComputeSeconds),
            facts.Patience.TotalSeconds
        ) * facts.Runs;

    private static bool MayCap(Operation operation) => operation is Operation.Chat or Operation.Completion or Operation.Response;

    public static bool MakesVideo(Operation operation) => operation is Operation.VideoCreate or Operation.VideoRemix;

    public static bool MakesMedia(Operation operation) => MakesPictures(operation) || MakesVideo(operation);

    private static bool MakesPictures(Operation operation) => operation is Operation.ImageGeneration or Operation.ImageEdit;

    private static long Saturated(long input, long output, int choices)
    {
        var all = (Int128)input + ((Int128)output * choices);
        return all > long.MaxValue ? long.MaxValue : (long)all;
    }
}
