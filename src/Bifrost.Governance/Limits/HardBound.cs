namespace Bifrost.Governance.Limits;

/// <summary>The most a call can cost, and the output cap that makes it so. Each hard budget in turn may lower the cap.</summary>
internal ref struct HardBound(in CallEstimate estimate)
{
    /// <summary>An answer shorter than this is of no use to anybody: rather than lower the cap below it, the call is refused.</summary>
    public const long LeastCap = 16;

    /// <summary>The cap where neither caller nor catalogue knows one: no more than any model on sale accepts.</summary>
    public const long UsualCap = 4096;

    private readonly long? _fixed = estimate.MostFixedCost is { } most ? Math.Max(0, most) : null;
    private readonly bool _canLower = estimate.CanLowerCap;

    // Kept below 2^63 so that the product with a cap fits 128 bits.
    private readonly Int128 _perToken = Int128.Min(
        long.MaxValue,
        (Int128)Math.Max(0, estimate.MostPerOutputToken) * Math.Max(1, estimate.Choices)
    );
    private long? _cap = estimate.OutputCap is { } cap ? Math.Max(0, cap) : null;

    /// <summary>Some hard budget has been asked.</summary>
    public bool Asked { get; private set; }

    /// <summary>The cap to write into the request; null: as it was.</summary>
    public long? NewCap { get; private set; }

    /// <summary>Nanodollars. Meaningful when every budget asked said yes.</summary>
    public readonly Int128 Most => (_fixed ?? 0) + _perToken * (_perToken == 0 ? 0 : _cap ?? 0);

    /// <summary>The least that the most can be made.</summary>
    public readonly Int128 Least =>
        (_fixed ?? 0)
        + _perToken
            * (
                _perToken == 0 ? 0
                : _canLower ? Math.Min(_cap ?? LeastCap, LeastCap)
                : _cap ?? 0
            );

    /// <summary>True: the call, perhaps with a lower cap, cannot cost more than <paramref name="room"/>.</summary>
    public bool Fits(Int128 room)
    {
        Asked = true;
        if (IsUnknown)
        {
            return false;
        }

        if (_perToken == 0)
        {
            return _fixed <= room;
        }

        if (_cap is not null && Most <= room)
        {
            return true;
        }

        var tokens = room < _fixed ? 0 : (room - _fixed!.Value) / _perToken;
        if (!_canLower || tokens < LeastCap)
        {
            return false;
        }

        NewCap = (long)Int128.Min(tokens, _cap ?? UsualCap);
        _cap = NewCap;
        return true;
    }

    /// <summary>Nobody can say what it may cost.</summary>
    public readonly bool IsUnknown => _fixed is null || (_perToken > 0 && _cap is null && !_canLower);
}
