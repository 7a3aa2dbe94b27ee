using Bifrost.Governance.Limits;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Ledger;

/// <summary>Writes down every call before it goes upstream and what became of it after. Never waits for a database; what is written survives the
/// death of the process. Thread-safe.</summary>
public interface ILedger
{
    /// <summary>Written when this returns. A fault (503, <c>ledger_unavailable</c>): there is no room to write it down, so the call must not go
    /// upstream.</summary>
    /// <param name="template">Who calls what; the same instance for all such calls saves time and room.</param>
    /// <param name="requestId">Of this call.</param>
    /// <param name="at">When it came; kept to the millisecond.</param>
    /// <param name="estimatedCost">Nanodollars charged if nothing more is ever heard of the call.</param>
    /// <param name="estimate">What the counters are charged in that case.</param>
    Outcome<HoldId> Hold(
        CallTemplate template,
        string requestId,
        DateTimeOffset at,
        long estimatedCost,
        ReadOnlySpan<MeterCharge> estimate
    );

    /// <summary>The call is over and this is what it cost. Called once for each hold; always succeeds.</summary>
    void Settle(HoldId hold, in Settlement settlement, ReadOnlySpan<MeterCharge> charges);

    /// <summary>The call never went upstream, or certainly was not accepted and cost nothing: no entry is made. Always succeeds.</summary>
    void Release(HoldId hold, ReadOnlySpan<MeterCharge> charges);
}

/// <param name="Entry">The id of the ledger entry to be.</param>
/// <param name="Number">For the journal's own use.</param>
public readonly record struct HoldId(Guid Entry, long Number);
