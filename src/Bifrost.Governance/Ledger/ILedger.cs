using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Ledger;

/// <summary>Writes down every call before it goes upstream and what became of it after. Never waits for a database; what is written survives the
/// death of the process. Thread-safe.</summary>
public interface ILedger
{
    /// <summary>Written when this returns. <paramref name="estimate"/> is what is charged if nothing more is ever heard of the call.</summary>
    HoldId Hold(CallRecord call, long estimatedCost, long estimatedTokens, ReadOnlySpan<MeterCharge> estimate);

    /// <summary>The call is over and this is what it cost. Called once for each hold.</summary>
    void Settle(HoldId hold, LedgerEntry entry, ReadOnlySpan<MeterCharge> charges);

    /// <summary>The call never went upstream, or certainly was not accepted and cost nothing: no entry is made.</summary>
    void Release(HoldId hold, ReadOnlySpan<MeterCharge> charges);
}

/// <param name="Entry">The id of the ledger entry to be.</param>
/// <param name="Number">For the journal's own use.</param>
public readonly record struct HoldId(Guid Entry, long Number);
