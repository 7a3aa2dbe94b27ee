using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>Keeps limits: asked before each target is tried, with nothing sent upstream yet. Touches memory only, any thread.</summary>
public interface IReservations
{
    /// <summary>Holds what a call to this target may cost, and writes the hold down before it returns. A fault: a limit stands in the way (402,
    /// 429), or the model has no price and the policy refuses that. With a fault it may leave in <see cref="Exchange.RefusedBy"/> what the caller is
    /// told in headers. <see cref="Reservation.None"/> where nothing is kept.</summary>
    Outcome<Reservation> Reserve(Exchange exchange, Target target);
}

/// <summary>Budget and rate held now, settled at the true cost later. Ends by exactly one of <see cref="Release"/> and <see cref="Settle"/>;
/// what comes after the first is ignored.</summary>
public abstract class Reservation
{
    /// <summary>Holds nothing.</summary>
    public static Reservation None { get; } = new Nothing();

    /// <summary>Output tokens (per choice, 1 or more) beyond which the money ends: the request goes upstream with no higher cap. Null: as the
    /// caller wrote.</summary>
    public virtual long? OutputCap => null;

    /// <summary>The request limit nearest its end, or null.</summary>
    public virtual RateLimitView? Requests => null;

    /// <summary>The token limit nearest its end, or null.</summary>
    public virtual RateLimitView? Tokens => null;

    /// <summary>What the caller named of itself in headers that are counted by, as <c>name=value</c> with commas between (one in a value is
    /// <c>%2C</c>); or null.</summary>
    public virtual string? Dimensions => null;

    /// <summary>Streams that would come without usage must be made to tell it, where the provider is known to be able to.</summary>
    public virtual bool WantsUsage => false;

    /// <summary>Asked while a stream flows. False: the money is gone and the stream must be cut with <see cref="ExhaustedFault"/>.</summary>
    /// <param name="outputBytes"><see cref="Exchange.OutputBytes"/>.</param>
    public abstract bool Covers(long outputBytes);

    /// <summary>What the caller of a cut stream is told.</summary>
    public abstract Fault ExhaustedFault { get; }

    /// <summary>What the exchange has cost so far, from its <see cref="Exchange.Usage"/>: asked when a caller wants to be told, once usage is there.
    /// Null: not known. Books nothing.</summary>
    public virtual Charge? CostOf(Exchange exchange) => null;

    /// <summary>The target did not serve and another may be tried. What the failure may have cost is still charged.</summary>
    public abstract void Release(Exchange exchange, Fault fault);

    /// <summary>The exchange is over: replaces what was held by what it cost, which may have to be estimated, and leaves that in
    /// <see cref="Exchange.Charge"/>. Called before all other settlers.</summary>
    public abstract void Settle(Exchange exchange);

    private sealed class Nothing : Reservation
    {
        public override Fault ExhaustedFault => throw new InvalidOperationException("Nothing is held, so nothing can be exhausted.");

        public override bool Covers(long outputBytes) => true;

        public override void Release(Exchange exchange, Fault fault) { }

        public override void Settle(Exchange exchange) { }
    }
}

/// <summary>How a rate limit stands after this call was counted.</summary>
/// <param name="Limit">Units per window.</param>
/// <param name="Remaining">Zero or more.</param>
/// <param name="ResetAfter">Until the window ends.</param>
public readonly record struct RateLimitView(long Limit, long Remaining, TimeSpan ResetAfter);

/// <summary>How the limits stand that refused a call.</summary>
/// <param name="Requests">The request limit nearest its end, or null.</param>
/// <param name="Tokens">The token limit nearest its end, or null.</param>
public sealed record RateLimitsView(RateLimitView? Requests, RateLimitView? Tokens);
