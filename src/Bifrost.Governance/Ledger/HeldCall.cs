namespace Bifrost.Governance.Ledger;

/// <summary>A call that was held and is not over, as far as the journal has been read.</summary>
/// <param name="Number">The hold's.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Call">All that is known of it.</param>
/// <param name="EstimatedCost">Nanodollars, charged if it is never heard of again.</param>
/// <param name="Estimate">What the counters are charged then.</param>
internal sealed record HeldCall(long Number, long At, CallRecord Call, long EstimatedCost, HeldCharge[] Estimate)
{
    /// <summary>The newest file that holds it.</summary>
    public required long Segment { get; init; }

    /// <summary>It was written again and only has to be read there.</summary>
    public bool Carried { get; set; }
}

/// <summary>An amount for a counter. Most calls end soon after, and nobody ever asks.</summary>
/// <param name="Counter">With its period and epoch; shared by all calls that are charged to it.</param>
/// <param name="Amount">In the counter's unit.</param>
internal readonly record struct HeldCharge(Definitions.Slot Counter, long Amount);
