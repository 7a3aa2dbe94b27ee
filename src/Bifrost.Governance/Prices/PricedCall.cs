using System.Collections.Frozen;

namespace Bifrost.Governance.Prices;

/// <summary>What a price may depend on besides the usage.</summary>
public sealed record PricedCall
{
    /// <summary>When the call was made: prices change with the date and with the hour.</summary>
    public required DateTimeOffset At { get; init; }

    public CallOutcome Outcome { get; init; } = CallOutcome.Succeeded;

    /// <summary>Part of a batch, which most providers sell at a discount.</summary>
    public bool Batch { get; init; }

    /// <summary>
    /// Settings that change the price, under our own names whatever the provider calls them: <c>size</c> (<c>1024x1792</c>),
    /// <c>quality</c>, <c>resolution</c> (<c>720p</c>, <c>4K</c>), <c>audio</c> (<c>true</c>, <c>false</c>), <c>mode</c>. Values are compared
    /// without regard to case. What is missing counts as the model's default, or its dearest setting where the default is not known.
    /// </summary>
    public IReadOnlyDictionary<string, string> Qualifiers { get; init; } = FrozenDictionary<string, string>.Empty;
}

/// <summary>How a call ended, as far as money cares.</summary>
public enum CallOutcome
{
    Succeeded,

    /// <summary>Failed after it started: what was used is charged, the call as such is not.</summary>
    Failed,

    /// <summary>Stopped while it ran: charged like a failed one.</summary>
    Canceled,

    /// <summary>Ended before it started: costs nothing, whatever was counted.</summary>
    Aborted,
}
