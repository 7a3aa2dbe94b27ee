using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>Which columns of segments are wanted besides the keys.</summary>
[Flags]
internal enum SegmentColumns
{
    None = 0,
    Bounds = 1,
    Sums = 2,
    Sketches = 4,
}

/// <param name="Bucket">Where it begins.</param>
/// <param name="ByTuple">Its cells are combinations; otherwise they are what was asked for.</param>
/// <param name="Segment">Columns that were not wanted are empty.</param>
internal sealed record StoredSegment(long Bucket, bool ByTuple, Segment Segment);

/// <summary>Reads segments of a level and section, those not merged yet included.</summary>
internal static class RollupReader
{
    public static async IAsyncEnumerable<StoredSegment> ReadAsync(
        Session session,
        Level level,
        int section,
        long from,
        long to,
        SegmentColumns columns
    )
    {
        string Column(SegmentColumns which, string name) => columns.HasFlag(which) ? name : "NULL";

        await using var command = session.Command(
            $"""
            SELECT bucket, section, keys, {Column(SegmentColumns.Bounds, "bounds")}, {Column(SegmentColumns.Sums, "sums")},
                {Column(SegmentColumns.Sketches, "sketches")}
            FROM log_rollups
            WHERE level = @level AND section IN (@section, {Section.Fresh}) AND bucket >= @from AND bucket < @to
            """,
            ("@level", (int)level),
            ("@section", section),
            ("@from", from),
            ("@to", to)
        );
        await using var reader = await command.ExecuteReaderAsync(session.Cancel);
        while (await reader.ReadAsync(session.Cancel))
        {
            byte[] Bytes(int at) => reader.IsDBNull(at) ? [] : reader.GetFieldValue<byte[]>(at);

            yield return new StoredSegment(
                reader.GetInt64(0),
                reader.GetInt32(1) is Section.Fresh or Section.Tuples,
                new Segment(Bytes(2), Bytes(3), Bytes(4), Bytes(5))
            );
        }
    }

    /// <summary>How many requests each combination had in each bucket. Counts of one combination may come in several parts.</summary>
    public static async Task<SortedDictionary<long, List<TupleCount>>> CountsAsync(Session session, Level level, long from, long to)
    {
        var buckets = new SortedDictionary<long, List<TupleCount>>();
        await foreach (var stored in ReadAsync(session, level, Section.Tuples, from, to, SegmentColumns.None))
        {
            if (!buckets.TryGetValue(stored.Bucket, out var counts))
            {
                buckets[stored.Bucket] = counts = [];
            }

            Count(stored.Segment, counts);
        }

        return buckets;
    }

    private static void Count(Segment segment, List<TupleCount> counts)
    {
        var reader = new SegmentReader(segment.Keys, default, default, default);
        while (reader.Next())
        {
            counts.Add(new TupleCount(reader.Id, reader.Requests));
        }
    }
}

internal readonly record struct TupleCount(int Tuple, long Count);
