using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Estimates;

/// <summary>What a call may cost, before; what it did cost, after. Memory only, any thread. A model asked for again allocates nothing.</summary>
public sealed class Costing
{
    private readonly PriceCatalogue _catalogue;
    private readonly LearnedUses _learned = new();
    private volatile PriceTable _prices;

    public Costing(PriceCatalogue catalogue)
    {
        _catalogue = catalogue;
        _prices = new PriceTable(catalogue, PriceOverrides.None, PricePolicy.AllowAndFlag, _learned);
    }

    /// <summary>What becomes of calls to models without a price, as last set by <see cref="Use"/>.</summary>
    public PricePolicy Policy => _prices.Policy;

    /// <summary>From now on these prices hold; for calls that are running, when they end.</summary>
    public void Use(PriceOverrides overrides, PricePolicy policy) => _prices = new PriceTable(_catalogue, overrides, policy, _learned);

    /// <summary>What a call to this target may cost.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="target">What is to be called.</param>
    /// <param name="at">When the call was made; the same as told to <see cref="CostOf"/>, so that both see one price.</param>
    public CallEstimate Estimate(Exchange exchange, Target target, DateTimeOffset at)
    {
        if (!exchange.Operation.IsSold())
        {
            return new CallEstimate
            {
                MostFixedCost = 0,
                Choices = 1,
                OutputCap = 0,
            };
        }

        var price = _prices.Of(target, exchange.Operation, exchange.Caller);
        return Estimates.Estimate.Of(price, CallFacts.Of(exchange, target), at);
    }

    /// <summary>What a call did cost, as far as it can be known now.</summary>
    /// <param name="exchange">The request, its usage and how much was delivered.</param>
    /// <param name="target">What was called.</param>
    /// <param name="fault">How it failed; null: it was served.</param>
    /// <param name="at">When the call was made; a price that changes while it runs does not change it.</param>
    /// <param name="batch">Part of a batch.</param>
    public CallCost CostOf(Exchange exchange, Target target, Fault? fault, DateTimeOffset at, bool batch = false)
    {
        if (!exchange.Operation.IsSold())
        {
            return CallCost.Nothing;
        }

        var price = _prices.Of(target, exchange.Operation, exchange.Caller);
        var end = new CallEnd(exchange.Usage, exchange.OutputBytes, exchange.Elapsed, exchange.Streams, fault, batch);
        return TrueCost.Of(price, CallFacts.Of(exchange, target), end, at);
    }

    /// <summary>What a call that is over costs with the prices that hold now.</summary>
    /// <param name="call">What is known of it.</param>
    /// <param name="provider">The provider of its name as it is configured now, or null when there is none any more.</param>
    public PastCost CostOf(PastCall call, ProviderModel? provider)
    {
        if (!call.Operation.IsSold())
        {
            return new PastCost(CallCost.Nothing.ToCharge(), null);
        }

        if (_prices.Of(call, provider) is not { } price)
        {
            return new PastCost(null, PastDoubt.NoPrice);
        }

        return DoubtOf(call, price) is { } doubt ? new PastCost(null, doubt) : TrueCost.Of(call, price);
    }

    private static PastDoubt? DoubtOf(PastCall call, ModelPrice price)
    {
        bool Tells(RateKind kind) => price.Rules.Any(rule => rule[kind] is not null);

        if (price.Assumed)
        {
            return PastDoubt.Hardware;
        }

        if (price.Rules.Any(static rule => rule.Condition.Qualifiers.Count > 0))
        {
            return PastDoubt.Settings;
        }

        // A transcription hears and does not speak.
        var isHeard = call.Operation is Operation.Transcription or Operation.Translation;
        return
            (call.AudioTokens > 0 && !isHeard && (Tells(RateKind.InputAudio) || Tells(RateKind.OutputAudio)))
            || (call.Operation == Operation.ImageEdit && Tells(RateKind.InputImage))
            ? PastDoubt.Quantities
            : null;
    }
}
