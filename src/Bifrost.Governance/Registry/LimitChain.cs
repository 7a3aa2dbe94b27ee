using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Registry;

/// <summary>Every limit that binds one call, and whose they are. Immutable; one instance serves many calls.</summary>
public sealed class LimitChain
{
    private readonly LimitSet[] _sets;

    // Found from here in one step instead of three.
    private readonly object[] _meters;
    private readonly int _dimensionsAt;
    private CallTemplates _templates;

    internal LimitChain(LimitSet[] sets, LimitOwners owners)
        : this(sets, owners, null, [.. sets.SelectMany(static set => set.Meters)]) { }

    private LimitChain(LimitSet[] sets, LimitOwners owners, string? dimensions, object[] meters)
    {
        _sets = sets;
        _meters = meters;
        _dimensionsAt = Array.FindIndex(sets, set => set.Level > LimitLevel.Dimension) is >= 0 and var at ? at : sets.Length;
        Owners = owners;
        Dimensions = dimensions;
    }

    /// <summary>In the order of checking (<see cref="LimitLevel"/>), each once, none empty.</summary>
    public ReadOnlySpan<LimitSet> Sets => _sets;

    public LimitOwners Owners { get; }

    /// <summary>See <see cref="Ledger.CallRecord.Dimensions"/>.</summary>
    public string? Dimensions { get; }

    /// <summary>How calls under this chain are written down.</summary>
    internal ref CallTemplates Templates => ref _templates;

    /// <summary>Asks for what an admission under this chain reads, while there is something else to do.</summary>
    internal void PrefetchMeters()
    {
        _templates.Prefetch();
        foreach (var meter in _meters)
        {
            Prefetch.Of(meter, 3);
        }

        foreach (var set in _sets)
        {
            Prefetch.Of(set);
        }
    }

    internal LimitChain With(List<LimitSet> parts, string dimensions)
    {
        var sets = new LimitSet[_sets.Length + parts.Count];
        _sets.AsSpan(0, _dimensionsAt).CopyTo(sets);
        parts.CopyTo(sets, _dimensionsAt);
        _sets.AsSpan(_dimensionsAt).CopyTo(sets.AsSpan(_dimensionsAt + parts.Count));
        // The dimensions' own meters are not among them: for one call it is not worth a list.
        return new LimitChain(sets, Owners, dimensions, _meters);
    }
}

/// <summary>Who pays for a call, for its record. All null: nobody is known.</summary>
public sealed record LimitOwners
{
    public static LimitOwners Nobody { get; } = new();

    public string? VirtualKeyId { get; init; }

    public string? TeamId { get; init; }

    public string? BusinessUnitId { get; init; }

    /// <summary>The nearest: the virtual key's own, else the team's, else the business unit's.</summary>
    public string? CustomerId { get; init; }

    public string? UserId { get; init; }
}
