using Bifrost.Governance.Prices;

namespace Bifrost.Governance.Estimates;

/// <summary>The dearest that a price can be at an hour, whatever the call turns out to be set to.</summary>
internal readonly struct Ceiling(ModelPrice price, DateTimeOffset at)
{
    /// <summary>One input token of any kind, in a call with no more than so many.</summary>
    public Money Input(long tokens) => Dearest(RateKind.Input, RateKind.InputImage, tokens);

    /// <summary>One output token of any kind, in a call with no more than so many input tokens.</summary>
    public Money Output(long inputTokens) => Dearest(RateKind.Output, RateKind.OutputAudio, inputTokens);

    /// <summary>So many of a kind that knows no tiers.</summary>
    public Money Of(RateKind kind, int count) => Dearest(kind, kind, long.MaxValue) * count;

    private Money Dearest(RateKind first, RateKind last, long inputTokens)
    {
        var most = Money.Zero;
        for (var i = price.Rules.Count - 1; i >= 0; i--)
        {
            var rule = price.Rules[i];
            if (i > 0 && !rule.Condition.HoldsAt(at))
            {
                continue;
            }

            for (var kind = first; kind <= last; kind++)
            {
                if (rule[kind]?.MostFor(inputTokens) is { } rate && rate > most)
                {
                    most = rate;
                }
            }

            // It holds whatever the settings are, so that nothing before it can.
            if (rule.Condition.Qualifiers.Count == 0)
            {
                break;
            }
        }

        return most;
    }
}
