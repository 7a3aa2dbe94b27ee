using System.Collections.Concurrent;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Tests.Governed;

/// <summary>Reservations that do as the test says and remember what became of them.</summary>
internal sealed class Purse : IReservations
{
    private readonly ConcurrentQueue<Held> _held = new();

    /// <summary>Refuses a target, or null.</summary>
    public Func<Exchange, Target, Fault?> Refuse { get; init; } = static (_, _) => null;

    public Func<Held> Make { get; init; } = static () => new Held();

    public IReadOnlyList<Held> All => [.. _held];

    public Held Only => Assert.Single(_held);

    public Outcome<Reservation> Reserve(Exchange exchange, Target target)
    {
        if (Refuse(exchange, target) is { } fault)
        {
            return fault;
        }

        var held = Make();
        _held.Enqueue(held);
        return held;
    }
}

internal sealed class Held(long? outputCap = null, RateLimitView? requests = null, RateLimitView? tokens = null) : Reservation
{
    public override long? OutputCap => outputCap;

    public override RateLimitView? Requests => requests;

    public override RateLimitView? Tokens => tokens;

    public bool AsksUsage { get; init; }

    public long PaysFor { get; init; } = long.MaxValue;

    public Charge? Cost { get; init; }

    public int Released { get; private set; }

    public int Settled { get; private set; }

    public Usage? Usage { get; private set; }

    public long OutputBytes { get; private set; }

    public Fault? Ended { get; private set; }

    public override bool WantsUsage => AsksUsage;

    public override Fault ExhaustedFault => new(FaultKind.BudgetExceeded, "The budget is used up.");

    public override bool Covers(long outputBytes) => outputBytes <= PaysFor;

    public override Charge? CostOf(Exchange exchange) => exchange.Usage is null ? null : Cost;

    public override void Release(Exchange exchange, Fault fault)
    {
        Released++;
        Ended = fault;
    }

    public override void Settle(Exchange exchange)
    {
        Settled++;
        (Usage, OutputBytes, Ended) = (exchange.Usage, exchange.OutputBytes, exchange.Fault);
        exchange.Charge = Cost;
    }
}
