using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance;

/// <summary>One call's hold in every limit that binds it, and its line in the journal.</summary>
internal sealed class GovernedReservation : Reservation
{
    /// <summary>Bytes of text that pass for a token while a stream flows: as many as English has.</summary>
    private const int BytesPerToken = 4;

    private readonly Governor _governor;

    // Of the estimate only what a stream is measured by: the whole of it would be a fifth of all that an admission allocates.
    private readonly long _fixedCost;
    private readonly long _perOutputToken;

    // A limit is never zero: no need of a flag that says whether there is one, nor of an offset that is always UTC's.
    private readonly RateLimitView _requests;
    private readonly RateLimitView _tokens;
    private readonly long _atTicks;
    private bool _ended;

    public GovernedReservation(
        Governor governor,
        Target target,
        Hold hold,
        HoldId written,
        in CallEstimate estimate,
        in RateStanding standing,
        string? dimensions,
        DateTimeOffset at
    )
    {
        _governor = governor;
        (_fixedCost, _perOutputToken) = (estimate.MostFixedCost ?? 0, estimate.MostPerOutputToken);
        Target = target;
        Hold = hold;
        Written = written;
        Dimensions = dimensions;
        _atTicks = at.UtcTicks;
        _requests = standing.Requests.GetValueOrDefault();
        _tokens = standing.Tokens.GetValueOrDefault();
    }

    public Target Target { get; }

    public Hold Hold { get; }

    public HoldId Written { get; }

    public DateTimeOffset At => new(_atTicks, TimeSpan.Zero);

    public override long? OutputCap => Hold.OutputCap;

    public override RateLimitView? Requests => _requests.Limit == 0 ? null : _requests;

    public override RateLimitView? Tokens => _tokens.Limit == 0 ? null : _tokens;

    public override string? Dimensions { get; }

    public override bool WantsUsage => true;

    public override Fault ExhaustedFault =>
        new(
            FaultKind.BudgetExceeded,
            "The budget for this call is used up, so the answer ends here. What was delivered is charged; ask the operator for a higher limit, or wait until the budget resets."
        );

    public override bool Covers(long outputBytes) => !Hold.IsHard || _perOutputToken == 0 || _governor.Covers(Hold, CostAt(outputBytes));

    public override Charge? CostOf(Exchange exchange) =>
        exchange.Usage is null ? null : _governor.CostOf(exchange, this, exchange.Fault).ToCharge();

    public override void Release(Exchange exchange, Fault fault) => End(exchange, fault);

    public override void Settle(Exchange exchange) => End(exchange, exchange.Fault);

    private void End(Exchange exchange, Fault? fault)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        var charge = _governor.CostOf(exchange, this, fault);
        _governor.End(this, charge, fault);
        exchange.Charge = Sum(exchange.Charge, charge.ToCharge());
    }

    // One exchange may pay for more than one target: what a failed one cost is added.
    private static Charge Sum(Charge? before, Charge last) =>
        before is null or { Nanodollars: 0, Unpriced: false, Usage: null }
            ? last
            : last with
            {
                Nanodollars = before.Nanodollars + last.Nanodollars,
                Estimated = before.Estimated || last.Estimated,
                Usage = Usage.Sum(before.Usage, last.Usage),
                Unpriced = before.Unpriced || last.Unpriced,
                WorkOut = () => [.. before.Lines, .. last.Lines],
            };

    private long CostAt(long outputBytes)
    {
        var tokens = (Int128)outputBytes / BytesPerToken;
        return (long)Int128.Min(long.MaxValue, _fixedCost + tokens * _perOutputToken);
    }
}
