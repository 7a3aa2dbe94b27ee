using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <param name="Level">Null: the rows themselves.</param>
/// <param name="From">Unix microseconds, inclusive.</param>
/// <param name="To">Exclusive.</param>
internal readonly record struct CoverPiece(Level? Level, long From, long To);

/// <summary>A range of time as few large buckets, smaller ones at the ends, and rows where no bucket fits.</summary>
internal static class Cover
{
    // Beyond any row, and the beginning of a day.
    private static readonly long Beginning = Level.Day.BucketOf(LogKey.At(long.MinValue / 2));
    private static readonly long End = Level.Day.BucketOf(LogKey.At(long.MaxValue / 2));

    /// <param name="from">Unix microseconds, inclusive; may be the least there is.</param>
    /// <param name="to">Exclusive; may be the most there is.</param>
    /// <param name="width">Of the buckets that are asked for, microseconds; null: one for all.</param>
    /// <param name="floors">What is kept.</param>
    public static List<CoverPiece> Of(long from, long to, long? width, Floors floors)
    {
        var pieces = new List<CoverPiece>();
        Add(Level.Day, Math.Max(from, Beginning), Math.Min(to, End), width, floors, pieces);
        return pieces;
    }

    private static void Add(Level? level, long from, long to, long? width, Floors floors, List<CoverPiece> pieces)
    {
        if (from >= to)
        {
            return;
        }

        if (level is not { } bucket)
        {
            pieces.Add(new CoverPiece(null, from, to));
            return;
        }

        Level? smaller = bucket == Level.Minute ? null : bucket - 1;
        var size = bucket.Width();
        var first = Math.Max(
            bucket.BucketOf(from + size - 1),
            floors[bucket] == long.MinValue ? long.MinValue : bucket.BucketOf(floors[bucket] + size - 1)
        );
        var end = bucket.BucketOf(to);
        if (first >= end || width % size is not (null or 0))
        {
            Add(smaller, from, to, width, floors, pieces);
            return;
        }

        Add(smaller, from, first, width, floors, pieces);
        pieces.Add(new CoverPiece(bucket, first, end));
        Add(smaller, end, to, width, floors, pieces);
    }
}
