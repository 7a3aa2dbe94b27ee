using Bifrost.Governance.Objects;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Limits;

/// <summary>Counters for the values of dimensions, which callers make up as they go: made on the first call, forgotten when nothing is counted in
/// them any more, and bounded in number.</summary>
public sealed partial class Till
{
    /// <summary>A longer value of a dimension is refused.</summary>
    public const int LongestPart = 256;

    /// <summary>Values of dimensions that can be counted at once, about 50 MB of them.</summary>
    public const int MostParts = 100_000;

    private const long SweepEvery = 1_000;

    private readonly Dictionary<(string Limit, string Part), LimitSet> _parts = [];
    private long _lastSweep = long.MinValue;

    /// <summary>How many values of dimensions are counted now.</summary>
    public int Parts
    {
        get
        {
            lock (_gate)
            {
                return _parts.Count;
            }
        }
    }

    /// <summary>The limits of one value of a dimension. A value is forgotten when all of its periods are over and no call holds anything in them; a
    /// value of a prepaid budget that was ever charged therefore stays. Beyond <see cref="MostParts"/> a new value is refused, because to let it pass
    /// uncounted would be no limit, and to forget another one would hand its money out twice.</summary>
    /// <param name="limit">As it is now; an edited one is taken over at the next call.</param>
    /// <param name="value">What the header says.</param>
    /// <param name="carried">See <see cref="Open"/>.</param>
    public Outcome<LimitSet> OpenPart(DimensionLimit limit, string value, ICollection<MeterCharge>? carried = null)
    {
        if (value.Length > LongestPart)
        {
            return Fault.Invalid(
                $"The header {limit.Header} may have at most {LongestPart} characters, and has {value.Length}. Send a shorter value.",
                limit.Header
            );
        }

        lock (_gate)
        {
            if (!_parts.TryGetValue((limit.Id, value), out var set))
            {
                var now = Now();
                if (!HasPlace(now))
                {
                    return TooMany(limit);
                }

                set = NewPart(limit, value, now, carried);
                _parts.Add((limit.Id, value), set);
            }
            else if (!ReferenceEquals(set.Source, limit))
            {
                var edited = NewPart(limit, value, Now(), carried);
                Drop(set);
                _parts[(limit.Id, value)] = set = edited;
            }

            return set;
        }
    }

    /// <summary>Those of the limits of a dimension that are counted now.</summary>
    public IReadOnlyList<LimitSet> PartsOf(string limitId)
    {
        lock (_gate)
        {
            var sets = new List<LimitSet>();
            foreach (var ((limit, _), set) in _parts)
            {
                if (limit == limitId)
                {
                    sets.Add(set);
                }
            }

            return sets;
        }
    }

    /// <summary>The limit on a dimension is gone, and all counters of its values with it.</summary>
    public void CloseParts(string limitId)
    {
        lock (_gate)
        {
            // Removing while going through is allowed for a dictionary.
            foreach (var (key, set) in _parts)
            {
                if (key.Limit == limitId)
                {
                    Drop(set);
                    set.Source = null;
                    _parts.Remove(key);
                }
            }
        }
    }

    private LimitSet NewPart(DimensionLimit limit, string value, long now, ICollection<MeterCharge>? carried)
    {
        var set = new LimitSet(LimitLevel.Dimension, limit.Name, value) { Source = limit };
        Fill(set, limit.Budgets, limit.RateLimit, now, carried);
        return set;
    }

    private bool HasPlace(long now)
    {
        if (_parts.Count < MostParts)
        {
            return true;
        }

        // A sweep looks at every value: at most one a second, however many new values knock. A clock that went back must not stop it.
        if (_lastSweep <= now && now < _lastSweep + SweepEvery)
        {
            return false;
        }

        _lastSweep = now;
        foreach (var (key, set) in _parts)
        {
            if (IsIdle(set, now))
            {
                Drop(set);
                _parts.Remove(key);
            }
        }

        return _parts.Count < MostParts;
    }

    private bool IsIdle(LimitSet set, long now)
    {
        foreach (var meter in set.Budgets)
        {
            if (!meter.IsIdle(now))
            {
                return false;
            }
        }

        return set.Rate is not { } rate || rate.IsIdle(now, _lastHold);
    }

    /// <summary>A set may be closed between the moment a call gets it and the moment the call is counted. The call is counted where those after it
    /// will be, or else a value forgotten in that moment would have its limit twice.</summary>
    private void Revive(LimitSet set)
    {
        if (!set.Closed)
        {
            return;
        }

        for (var i = 0; i < set.Budgets.Length; i++)
        {
            set.Budgets[i] = _budgets.GetValueOrDefault(set.Budgets[i].Id, set.Budgets[i]);
        }

        set.Rate = set.Rate is null ? null : _rates.GetValueOrDefault(set.Rate.Id, set.Rate);
        if (set.Source is { } limit && _parts.TryAdd((limit.Id, set.Part!), set))
        {
            Own(set);
        }
    }

    private void Own(LimitSet set)
    {
        set.Closed = false;
        foreach (var meter in set.Budgets)
        {
            meter.Owners++;
            _budgets[meter.Id] = meter;
        }

        if (set.Rate is { } rate)
        {
            rate.Owners++;
            _rates[rate.Id] = rate;
        }
    }

    private static Fault TooMany(DimensionLimit limit) =>
        new(
            FaultKind.RateLimited,
            $"Dimension '{limit.Name}' has too many values: {Words.Count(MostParts)} values of dimensions are being counted, and none of them is over. "
                + $"Use an earlier value of the header {limit.Header}, or have the periods of its limits shortened."
        )
        {
            Code = "rate_limited",
            RetryAfter = TimeSpan.FromMinutes(1),
        };
}
