namespace Bifrost.Governance.Limits;

/// <summary>The identity of a counter: stable text for what is kept, a small number for what is fast.</summary>
/// <param name="Id">A budget's id, a rate limit's id with <c>:tokens</c> or <c>:requests</c>; for a dimension's value, that too. Never changes.</param>
/// <param name="Number">Unique in this process, small and dense; another one after a restart.</param>
/// <param name="Unit">What it counts.</param>
public sealed record MeterKey(string Id, int Number, MeterUnit Unit);

public enum MeterUnit
{
    /// <summary>10⁻⁹ USD.</summary>
    Nanodollars,
    Tokens,
    Requests,
}

/// <summary>What one call adds to one counter.</summary>
/// <param name="Meter">Which.</param>
/// <param name="PeriodStart">Unix milliseconds of the period that pays; an amount for an earlier period than the counter's is dropped.</param>
/// <param name="Epoch">Of the counter (see <see cref="Objects.Budget.UsageEpoch"/>) when charged.</param>
/// <param name="Amount">In the meter's unit.</param>
public readonly record struct MeterCharge(MeterKey Meter, long PeriodStart, int Epoch, long Amount);

/// <summary>A counter as it is kept.</summary>
/// <param name="MeterId"><see cref="MeterKey.Id"/>.</param>
/// <param name="PeriodStart">Unix milliseconds.</param>
/// <param name="Epoch">See <see cref="MeterCharge"/>.</param>
/// <param name="Used">Settled amount of that period.</param>
public readonly record struct CounterState(string MeterId, long PeriodStart, int Epoch, long Used);
