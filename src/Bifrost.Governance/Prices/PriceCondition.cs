using System.Collections.Frozen;

namespace Bifrost.Governance.Prices;

/// <summary>When a rule holds: everything that is set must be met. Dates and times are UTC.</summary>
public sealed record PriceCondition
{
    public static PriceCondition Always { get; } = new();

    /// <summary>The first day it holds.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Every day from <c>Start</c> until before <c>End</c>, through midnight if the end comes first.</summary>
    public (TimeOnly Start, TimeOnly End)? Daily { get; init; }

    /// <summary>Settings the call must have; see <see cref="PricedCall.Qualifiers"/>.</summary>
    public IReadOnlyDictionary<string, string> Qualifiers { get; init; } = FrozenDictionary<string, string>.Empty;

    public bool IsAlways => From is null && Daily is null && Qualifiers.Count == 0;

    public bool Holds(PricedCall call)
    {
        if (!HoldsAt(call.At))
        {
            return false;
        }

        foreach (var (name, value) in Qualifiers)
        {
            if (!call.Qualifiers.TryGetValue(name, out var given) || !string.Equals(given, value, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Date and hour are met; what the call is set to is not asked.</summary>
    public bool HoldsAt(DateTimeOffset at) =>
        !(From is { } from && DateOnly.FromDateTime(at.UtcDateTime) < from)
        && !(Daily is var (start, end) && !TimeOnly.FromDateTime(at.UtcDateTime).IsBetween(start, end));
}
