using System.Runtime.InteropServices;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Registry;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance;

/// <summary>Where governance meets the corridor: whose limits bind a call, what it may cost, whether that fits, and the hold written down before
/// the call goes upstream. Memory only; any thread.</summary>
public sealed class Governor(GovernanceRegistry registry, Costing costing, Till till, ILedger ledger, TimeProvider clock) : IReservations
{
    // The lists live as long as one call into here; nothing keeps them.
    [ThreadStatic]
    private static List<MeterCharge>? _charges;

    /// <inheritdoc/>
    public Outcome<Reservation> Reserve(Exchange exchange, Target target)
    {
        if (!exchange.Operation.IsSold())
        {
            return Reservation.None;
        }

        if (registry.ChainFor(exchange, target).Failed(out var unbound, out var chain))
        {
            return unbound;
        }

        chain.PrefetchMeters();
        var at = clock.GetUtcNow();
        var estimate = costing.Estimate(exchange, target, at);
        if (estimate.Unpriced && costing.Policy == PricePolicy.Refuse)
        {
            return Unpriced(target);
        }

        var charges = Charges();
        if (till.TryHold(chain.Sets, estimate, charges, out var standing).Failed(out var refused, out var hold))
        {
            exchange.RefusedBy = StandingOf(chain, refused);
            return refused;
        }

        var template = chain.Templates.For(exchange, target, chain);
        var written = ledger.Hold(template, exchange.Id, at, hold.EstimatedCost, CollectionsMarshal.AsSpan(charges));
        if (written.Fault is { } unwritten)
        {
            till.Release(hold, keepRequest: false, charges);
            return unwritten;
        }

        return new GovernedReservation(this, target, hold, written.Value, estimate, standing, chain.Dimensions, at);
    }

    internal CallCost CostOf(Exchange exchange, GovernedReservation held, Fault? fault) =>
        costing.CostOf(exchange, held.Target, fault, held.At);

    internal bool Covers(Hold hold, long cost) => till.Covers(hold, cost);

    /// <summary>Books what a call cost, or gives everything back when it cost nothing and certainly was not served.</summary>
    internal void End(GovernedReservation held, in CallCost charge, Fault? fault)
    {
        var charges = Charges();
        if (fault is not null && charge is { Cost: 0, Tokens: 0, Unpriced: false })
        {
            // A request that the provider refused still counts as one; trouble upstream is not the caller's.
            if (till.Release(held.Hold, keepRequest: !fault.Rule.MayFallBack, charges))
            {
                ledger.Release(held.Written, CollectionsMarshal.AsSpan(charges));
            }

            return;
        }

        if (till.Settle(held.Hold, charge.Cost, charge.Tokens, charges))
        {
            ledger.Settle(
                held.Written,
                new Settlement
                {
                    At = clock.GetUtcNow(),
                    Outcome = OutcomeOf(fault),
                    Usage = charge.Usage,
                    Cost = charge.Cost,
                    Estimated = charge.Estimated,
                    Unpriced = charge.Unpriced,
                    PriceVersion = charge.PriceVersion,
                },
                CollectionsMarshal.AsSpan(charges)
            );
        }
    }

    private RateLimitsView? StandingOf(LimitChain chain, Fault refused)
    {
        if (refused.Status != 429)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        RateLimitView? requests = null;
        RateLimitView? tokens = null;
        foreach (var set in chain.Sets)
        {
            foreach (var view in till.View(set))
            {
                if (view.Kind == LimitKind.Requests)
                {
                    Nearer(ref requests, view, now);
                }
                else if (view.Kind == LimitKind.Tokens)
                {
                    Nearer(ref tokens, view, now);
                }
            }
        }

        return new RateLimitsView(requests, tokens);
    }

    private static void Nearer(ref RateLimitView? nearest, LimitView view, DateTimeOffset now)
    {
        if (nearest is not { } other || view.Remaining < other.Remaining)
        {
            nearest = new RateLimitView(view.EffectiveLimit, view.Remaining, view.PeriodEnd is { } end ? end - now : TimeSpan.MaxValue);
        }
    }

    private static LedgerOutcome OutcomeOf(Fault? fault) =>
        fault?.Kind switch
        {
            null => LedgerOutcome.Succeeded,
            FaultKind.CallerLeft => LedgerOutcome.Cancelled,
            _ => LedgerOutcome.Failed,
        };

    private static Fault Unpriced(Target target) =>
        new(
            FaultKind.ModelUnpriced,
            $"There is no price for the model \"{target.Model}\" of {target.Provider.Id}, and this gateway refuses what it cannot price (`client.unpriced_models`). An operator can set one under pricing overrides."
        )
        {
            Param = "model",
        };

    private static List<MeterCharge> Charges() => _charges ??= new(16);
}
