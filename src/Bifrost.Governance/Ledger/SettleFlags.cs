namespace Bifrost.Governance.Ledger;

/// <summary>The outcome and three truths in one byte.</summary>
internal static class SettleFlags
{
    private const int Outcome = 0x0F;
    private const int Estimated = 0x10;
    private const int Unpriced = 0x20;
    private const int Usage = 0x40;

    public static byte Of(in Settlement settlement) =>
        (byte)(
            (int)settlement.Outcome
            | (settlement.Estimated ? Estimated : 0)
            | (settlement.Unpriced ? Unpriced : 0)
            | (settlement.Usage is null ? 0 : Usage)
        );

    public static LedgerOutcome OutcomeOf(byte flags) => (LedgerOutcome)(flags & Outcome);

    public static bool IsEstimated(byte flags) => (flags & Estimated) != 0;

    public static bool IsUnpriced(byte flags) => (flags & Unpriced) != 0;

    public static bool HasUsage(byte flags) => (flags & Usage) != 0;
}
