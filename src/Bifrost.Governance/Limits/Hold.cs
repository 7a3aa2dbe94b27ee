namespace Bifrost.Governance.Limits;

/// <summary>What one call keeps back in every limit that binds it, from admission until it is settled or released. Belongs to the till that made it.</summary>
public sealed class Hold
{
    internal Hold(HeldAmount[] amounts) => Amounts = amounts;

    /// <summary>Output tokens of one choice beyond which a hard budget ends: the request must go upstream with this cap. Null: as the caller wrote.</summary>
    public long? OutputCap { get; internal init; }

    /// <summary>Nanodollars to charge if nothing more is ever heard of the call.</summary>
    public long EstimatedCost { get; internal init; }

    /// <summary>Tokens to charge if nothing more is ever heard of the call.</summary>
    public long EstimatedTokens { get; internal init; }

    /// <summary>Some hard budget binds the call, so a stream has to ask <see cref="Till.Covers"/> as it flows.</summary>
    public bool IsHard { get; internal init; }

    internal HeldAmount[] Amounts { get; }

    /// <summary>Counts up with every hold of the till.</summary>
    internal long Number { get; init; }

    /// <summary>What every hard budget keeps back for this call.</summary>
    internal long Most { get; set; }

    internal bool Ended { get; set; }
}

/// <param name="Meter">A <see cref="BudgetMeter"/> or a <see cref="RateMeter"/>.</param>
/// <param name="Amount">Nanodollars; for a rate limit 1 when the request was counted, else 0.</param>
internal record struct HeldAmount(object Meter, long Amount);
