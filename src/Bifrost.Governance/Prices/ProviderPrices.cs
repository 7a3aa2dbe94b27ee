using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Bifrost.Governance.Prices;

/// <summary>One provider's models: names are looked up, everything else is asked in the order of the file and remembered.</summary>
internal sealed class ProviderPrices
{
    // Model names come from callers; somebody who asks for a million names must not fill the memory with them.
    private const int Remembered = 2_000;

    private readonly FrozenDictionary<string, ModelPrice> _named;
    private readonly (ModelPattern Pattern, ModelPrice Price)[] _patterns;
    private readonly ConcurrentDictionary<string, ModelPrice?> _asked = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    public ProviderPrices(IEnumerable<(ModelPattern Pattern, ModelPrice Price)> entries)
    {
        var named = new Dictionary<string, ModelPrice>(StringComparer.OrdinalIgnoreCase);
        var patterns = new List<(ModelPattern, ModelPrice)>();
        foreach (var (pattern, price) in entries)
        {
            if (pattern.ExactName is { } name)
            {
                named.TryAdd(name, price);
            }
            else
            {
                patterns.Add((pattern, price));
            }
        }

        _named = named.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _patterns = [.. patterns];
    }

    public ModelPrice? Find(string model)
    {
        if (_named.TryGetValue(model, out var price) || _asked.TryGetValue(model, out price))
        {
            return price;
        }

        price = Search(model);
        if (Volatile.Read(ref _count) < Remembered && _asked.TryAdd(model, price))
        {
            Interlocked.Increment(ref _count);
        }

        return price;
    }

    private ModelPrice? Search(string model)
    {
        foreach (var (pattern, price) in _patterns)
        {
            if (pattern.Matches(model))
            {
                return price;
            }
        }

        return null;
    }
}
