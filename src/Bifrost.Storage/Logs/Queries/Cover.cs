using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <param name="Level">Null: the rows themselves.</param>
/// <param name="From">Unix microseconds, inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Sign">-1: it is too much, and to be taken away.</param>
internal readonly record struct CoverPiece(Level? Level, long From, long To, int Sign = 1);

/// <summary>A range of time as few large buckets, smaller ones at the ends, and rows where no bucket fits: those inside, or those outside, whichever takes
/// less time.</summary>
internal static class Cover
{
    // Beyond any row, and the beginning of a day.
    private static readonly long Beginning = Level.Day.BucketOf(LogKey.At(long.MinValue / 2));
    private static readonly long End = Level.Day.BucketOf(LogKey.At(long.MaxValue / 2));

    /// <param name="from">Unix microseconds, inclusive; may be the least there is.</param>
    /// <param name="to">Exclusive; may be the most there is.</param>
    /// <param name="width">Of the buckets that are asked for, microseconds; null: one for all.</param>
    /// <param name="floors">What is kept.</param>
    /// <param name="rowsFrom">From here on all rows are there that sums are of.</param>
    public static List<CoverPiece> Of(long from, long to, long? width, Floors floors, long rowsFrom)
    {
        var pieces = new List<CoverPiece>();
        Add(Level.Day, Math.Max(from, Beginning), Math.Min(to, End), new Terms(width, floors, rowsFrom), pieces);
        return pieces;
    }

    private static void Add(Level? level, long from, long to, Terms terms, List<CoverPiece> pieces)
    {
        if (from >= to)
        {
            return;
        }

        if (level is not { } bucket)
        {
            AddRows(from, to, terms, pieces);
            return;
        }

        Level? smaller = bucket == Level.Minute ? null : bucket - 1;
        var size = bucket.Width();
        var first = Math.Max(
            bucket.BucketOf(from + size - 1),
            terms.Floors[bucket] == long.MinValue ? long.MinValue : bucket.BucketOf(terms.Floors[bucket] + size - 1)
        );
        var end = bucket.BucketOf(to);
        if (first >= end || !terms.Fits(bucket))
        {
            Add(smaller, from, to, terms, pieces);
            return;
        }

        Add(smaller, from, first, terms, pieces);
        pieces.Add(new CoverPiece(bucket, first, end));
        Add(smaller, end, to, terms, pieces);
    }

    private static void AddRows(long from, long to, Terms terms, List<CoverPiece> pieces)
    {
        foreach (var level in (ReadOnlySpan<Level>)[Level.Minute, Level.Hour])
        {
            var (start, end) = (level.BucketOf(from), level.BucketOf(from) + level.Width());
            if (to <= end && (to - from) * 2 > level.Width() && start >= Math.Max(terms.Floors[level], terms.RowsFrom) && terms.Fits(level))
            {
                pieces.Add(new CoverPiece(level, start, end));
                pieces.Add(new CoverPiece(null, start, from, -1));
                pieces.Add(new CoverPiece(null, to, end, -1));
                return;
            }
        }

        pieces.Add(new CoverPiece(null, from, to));
    }

    private sealed record Terms(long? Width, Floors Floors, long RowsFrom)
    {
        public bool Fits(Level level) => Width % level.Width() is null or 0;
    }
}
