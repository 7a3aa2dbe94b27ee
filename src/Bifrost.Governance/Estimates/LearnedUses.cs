using System.Collections.Concurrent;

namespace Bifrost.Governance.Estimates;

/// <summary>What was learned, by provider and model. Bounded: beyond that, models are learned anew for as long as their price is remembered.</summary>
internal sealed class LearnedUses
{
    private const int Remembered = 10_000;

    private readonly ConcurrentDictionary<(string Provider, string Model), LearnedUse> _uses = new();

    public LearnedUse Of(string provider, string model)
    {
        if (_uses.TryGetValue((provider, model), out var known))
        {
            return known;
        }

        return _uses.Count < Remembered ? _uses.GetOrAdd((provider, model), static _ => new LearnedUse()) : new LearnedUse();
    }
}
