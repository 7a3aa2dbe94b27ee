using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>How wide the buckets of a roll-up are.</summary>
internal enum Level
{
    Minute,
    Hour,
    Day,
}

internal static class Levels
{
    public static readonly Level[] All = [Level.Minute, Level.Hour, Level.Day];

    /// <summary>Microseconds.</summary>
    public static long Width(this Level level) =>
        level switch
        {
            Level.Minute => 60_000_000,
            Level.Hour => 3_600_000_000,
            _ => 86_400_000_000,
        };

    public static long BucketOf(this Level level, long at) => LogKey.Floor(at, level.Width());
}

/// <summary>What the cells of a segment are about.</summary>
internal static class Section
{
    /// <summary>One cell.</summary>
    public const int Total = 0;

    /// <summary>One cell for each combination of dimensions.</summary>
    public const int Tuples = 14;

    /// <summary>As <see cref="Tuples"/>, not merged yet, with none of the other sections beside it.</summary>
    public const int Fresh = 15;

    /// <summary>One cell for each value of a dimension.</summary>
    public static int Of(LogDimension dimension) => 1 + (int)dimension;
}
