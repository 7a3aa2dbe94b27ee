using Bifrost.Governance.Objects;

namespace Bifrost.Governance.VirtualKeys;

/// <summary>A new value for an old key: id, limits and what was spent stay.</summary>
public static class Rotation
{
    /// <summary>The longest that an old value may go on to count.</summary>
    public static TimeSpan LongestGrace { get; } = TimeSpan.FromDays(365);

    /// <summary>The key with its new value. A value before the old one stops counting at once.</summary>
    /// <param name="key">As it is.</param>
    /// <param name="value">The new value.</param>
    /// <param name="grace">How long the old value goes on to count, up to <see cref="LongestGrace"/>. Zero: not at all.</param>
    /// <param name="now">The time.</param>
    public static VirtualKey Rotate(VirtualKey key, VirtualKeyValue value, TimeSpan grace, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(grace, LongestGrace);
        return key with
        {
            ValueHash = value.Hash,
            ValuePreview = value.Preview,
            PreviousValueHash = grace > TimeSpan.Zero ? key.ValueHash : null,
            PreviousValueUntil = grace > TimeSpan.Zero ? now + grace : null,
        };
    }
}

/// <summary>What came of a rotation: show each value to the operator once.</summary>
public sealed record Rotated(VirtualKey Key, VirtualKeyValue Value);
