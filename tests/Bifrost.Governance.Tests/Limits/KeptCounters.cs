using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Tests.Limits;

/// <summary>Counters as a store keeps them: a later epoch or period begins at zero, an earlier one is dropped.</summary>
internal sealed class KeptCounters
{
    private readonly Dictionary<string, CounterState> _states = [];

    public IReadOnlyList<CounterState> States => [.. _states.Values];

    public void Add(IEnumerable<MeterCharge> charges)
    {
        foreach (var charge in charges)
        {
            var fresh = new CounterState(charge.Meter.Id, charge.PeriodStart, charge.Epoch, charge.Amount);
            if (
                !_states.TryGetValue(charge.Meter.Id, out var kept)
                || (fresh.Epoch, fresh.PeriodStart).CompareTo((kept.Epoch, kept.PeriodStart)) > 0
            )
            {
                _states[charge.Meter.Id] = fresh;
            }
            else if ((fresh.Epoch, fresh.PeriodStart) == (kept.Epoch, kept.PeriodStart))
            {
                _states[charge.Meter.Id] = kept with { Used = kept.Used + charge.Amount };
            }
        }
    }
}
