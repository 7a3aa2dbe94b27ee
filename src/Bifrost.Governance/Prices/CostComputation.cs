using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Prices;

/// <summary>
/// Usage times price. The rules, in one place:
/// <list type="table">
/// <item><term>Cached tokens</term><description>are part of the input; reads count first, then writes, never more than the input. Without a rate of
/// their own they cost what input costs.</description></item>
/// <item><term>Audio and picture input</term><description>is part of what remains, and leaves it only if it has a rate of its own. Cached audio cannot
/// be told from cached text and costs the rate of cached reads.</description></item>
/// <item><term>Reasoning and audio output</term><description>are part of the output, and leave it only if they have a rate of their own.</description></item>
/// <item><term>Tiers</term><description>follow all input tokens, cached ones included, and change every token's price.</description></item>
/// <item><term>Pictures, seconds</term><description>are charged where the price has a rate for them, else they are what the tokens paid for.</description></item>
/// <item><term>The call as such</term><description>is charged if it succeeded.</description></item>
/// <item><term>Aborted calls</term><description>cost nothing: they never ran. Failed and cancelled ones pay for what they used.</description></item>
/// <item><term>Batches</term><description>pay the provider's share of every line.</description></item>
/// </list>
/// </summary>
public static class CostComputation
{
    /// <summary>
    /// Null if no cost can be said: the price is unknown, or the call succeeded and nothing it used is priced. That is never the same as zero.
    /// </summary>
    public static Cost? Of(ModelPrice? price, Usage usage, PricedCall call)
    {
        if (price is null)
        {
            return null;
        }

        var bill = new Bill(price, price.RuleFor(call), usage.InputTokens, call, itemised: true);
        Fill(ref bill, Quantities.Of(usage), call);
        return bill.IsEmpty && call.Outcome == CallOutcome.Succeeded ? null : bill.Close(usage.Estimated);
    }

    /// <summary>As <see cref="Of"/>, without the lines and without allocating. False if nothing that was used has a rate.</summary>
    internal static bool TryTotal(ModelPrice price, in Quantities usage, PricedCall call, out Money total, out bool incomplete)
    {
        var bill = new Bill(price, price.RuleFor(call), usage.InputTokens, call, itemised: false);
        Fill(ref bill, usage, call);
        (total, incomplete) = (bill.Total, bill.Incomplete);
        return !bill.IsEmpty;
    }

    private static void Fill(ref Bill bill, in Quantities usage, PricedCall call)
    {
        if (call.Outcome == CallOutcome.Aborted)
        {
            return;
        }

        AddInput(ref bill, usage);
        AddOutput(ref bill, usage);
        bill.Add(RateKind.Image, (Int128)Math.Max(0, usage.Images) * Bill.Whole);
        bill.Add(RateKind.VideoSecond, Micros(usage.VideoSeconds));
        bill.Add(RateKind.ComputeSecond, Micros(usage.ComputeSeconds));
        if (call.Outcome == CallOutcome.Succeeded)
        {
            bill.Add(RateKind.Request, Bill.Whole);
        }
    }

    private static void AddInput(ref Bill bill, in Quantities usage)
    {
        var rest = Math.Max(0, usage.InputTokens);
        var read = Take(ref rest, usage.CachedReadTokens);
        var write = Take(ref rest, usage.CachedWriteTokens);
        var audio = bill.Prices(RateKind.InputAudio) ? Take(ref rest, usage.AudioInputTokens) : 0;
        var image = bill.Prices(RateKind.InputImage) ? Take(ref rest, usage.ImageInputTokens) : 0;

        bill.AddTokens(RateKind.Input, rest);
        bill.AddTokens(RateKind.CacheRead, read, otherwise: RateKind.Input);
        bill.AddTokens(RateKind.CacheWrite, write, otherwise: RateKind.Input);
        bill.AddTokens(RateKind.InputAudio, audio);
        bill.AddTokens(RateKind.InputImage, image);
    }

    private static void AddOutput(ref Bill bill, in Quantities usage)
    {
        var rest = Math.Max(0, usage.OutputTokens);
        var audio = bill.Prices(RateKind.OutputAudio) ? Take(ref rest, usage.AudioOutputTokens) : 0;
        var reasoning = bill.Prices(RateKind.Reasoning) ? Take(ref rest, usage.ReasoningTokens) : 0;

        bill.AddTokens(RateKind.Output, rest);
        bill.AddTokens(RateKind.Reasoning, reasoning);
        bill.AddTokens(RateKind.OutputAudio, audio);
    }

    private static long Take(ref long rest, long wanted)
    {
        var taken = Math.Clamp(wanted, 0, rest);
        rest -= taken;
        return taken;
    }

    /// <summary>Seconds are measured, not counted; from here on they are whole microseconds, so that money never meets a float.</summary>
    internal static long Micros(double seconds)
    {
        const double Decades = 1e9;
        return double.IsFinite(seconds) && seconds > 0 ? (long)decimal.Round((decimal)Math.Min(seconds, Decades) * Bill.Whole) : 0;
    }
}
