using System.Globalization;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>
/// Sums are only ever added to: each transaction inserts a small segment for each bucket it touches. So that reading stays cheap, small segments are merged into
/// larger ones, those into larger still, and a bucket that is over into one, with sums by every single dimension beside.
/// </summary>
internal sealed class RollupWriter(LogDatabase database, LogCatalog catalog, LogStoreOptions options, TimeProvider clock) : IDisposable
{
    private const int FreshAtOnce = 16;
    private const int TierAtOnce = 8;
    private const int WholeTier = 100;
    private const int MergesAtOnce = 3;

    // Rows arrive when they are over, which may be long after they began.
    private const long Grace = 10 * 60_000_000L;

    private static readonly string[] Columns = ["level", "bucket", "section", "tier", "keys", "bounds", "sums", "sketches"];

    private readonly SemaphoreSlim _merging = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<(Level, long), int> _freshOf = [];
    private long _newest = long.MinValue;

    /// <returns>What was touched, for <see cref="MergeWhenAbleAsync"/> after the commit.</returns>
    public async Task<List<(Level Level, long Bucket)>> WriteAsync(Session session, RollupChanges changes)
    {
        var touched = new List<(Level, long)>();
        if (changes.IsEmpty)
        {
            return touched;
        }

        var floors = await Floors.ReadAsync(session);
        var rows = new List<object?[]>();
        foreach (var level in Levels.All)
        {
            foreach (var (bucket, segment) in changes.At(level))
            {
                if (bucket < FloorOf(level))
                {
                    await floors.RaiseAsync(session, level, FloorOf(level));
                }

                if (bucket >= floors[level])
                {
                    rows.Add(Row(level, bucket, Section.Fresh, 0, segment));
                    touched.Add((level, bucket));
                }
            }
        }

        await database.BulkAsync(session, "log_rollups", Columns, rows);
        return touched;
    }

    /// <summary>After a commit: what was written is kept by now, and a merge that has to wait is made up for by the next.</summary>
    public async Task MergeWhenAbleAsync(IEnumerable<(Level Level, long Bucket)> touched, CancellationToken cancel)
    {
        try
        {
            await MergeAsync(touched, cancel);
        }
        catch (LogStoreUnavailableException)
        {
            // Nothing is lost but time: sums are the same merged or not, and each retention merges what was left.
        }
    }

    /// <summary>Merges what has become too many, a little each time.</summary>
    private async Task MergeAsync(IEnumerable<(Level Level, long Bucket)> touched, CancellationToken cancel)
    {
        var due = new List<(Level Level, long Bucket, bool Whole)>();
        lock (_lock)
        {
            foreach (var (level, bucket) in touched)
            {
                _freshOf[(level, bucket)] = _freshOf.GetValueOrDefault((level, bucket)) + 1;
                _newest = Math.Max(_newest, bucket);
            }

            foreach (var ((level, bucket), fresh) in _freshOf)
            {
                if (due.Count == MergesAtOnce)
                {
                    break;
                }

                var over = bucket + level.Width() + Grace < _newest;
                if (over || fresh >= FreshAtOnce)
                {
                    due.Add((level, bucket, over));
                }
            }

            foreach (var (level, bucket, _) in due)
            {
                _freshOf.Remove((level, bucket));
            }
        }

        foreach (var (level, bucket, whole) in due)
        {
            await MergeAsync(level, bucket, whole, cancel);
        }
    }

    /// <summary>Merges every bucket that still has several segments: once after a start, and with each retention.</summary>
    public async Task MergeAllAsync(CancellationToken cancel)
    {
        var many = await database.ReadAsync(
            session =>
                session.QueryAsync(
                    $"SELECT level, bucket FROM log_rollups WHERE section IN ({Section.Tuples}, {Section.Fresh}) GROUP BY level, bucket HAVING count(*) > 1",
                    reader => ((Level)Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture), reader.GetInt64(1))
                ),
            cancel
        );
        foreach (var (level, bucket) in many)
        {
            await MergeAsync(level, bucket, whole: true, cancel);
        }
    }

    /// <summary>Removes what is older than each level is kept.</summary>
    public async Task RetainAsync(CancellationToken cancel)
    {
        foreach (var level in Levels.All)
        {
            var floor = await database.WriteAsync(
                async session =>
                {
                    var floors = await Floors.ReadAsync(session);
                    await floors.RaiseAsync(session, level, FloorOf(level));
                    return floors[level];
                },
                cancel
            );
            int removed;
            do
            {
                removed = await database.WriteAsync(
                    session =>
                        session.ExecuteAsync(
                            """
                            DELETE FROM log_rollups WHERE id IN
                                (SELECT id FROM log_rollups WHERE level = @level AND section >= 0 AND bucket < @floor LIMIT 200)
                            """,
                            ("@level", (int)level),
                            ("@floor", floor)
                        ),
                    cancel
                );
            } while (removed > 0);
        }
    }

    public void Dispose() => _merging.Dispose();

    private long FloorOf(Level level)
    {
        var keep = level switch
        {
            Level.Minute => options.KeepMinutes,
            Level.Hour => options.KeepHours,
            _ => options.KeepDays,
        };
        return keep is { } span
            ? level.BucketOf(clock.GetUtcNow().Subtract(span).Subtract(DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
            : long.MinValue;
    }

    private async Task MergeAsync(Level level, long bucket, bool whole, CancellationToken cancel)
    {
        await _merging.WaitAsync(cancel);
        try
        {
            for (var more = true; more; )
            {
                // Read and added up beside the writer, which is needed only to put the result in place.
                var (merged, tier) = await database.ReadAsync(
                    async session =>
                    {
                        await catalog.RefreshAsync(session);
                        var (chosen, tier) = Choose(await IdsAsync(session, level, bucket), whole);
                        return (chosen.Count > 1 ? await PartsAsync(session, chosen) : [], tier);
                    },
                    cancel
                );
                more = merged.Count > 1 && !whole;
                if (merged.Count > 1)
                {
                    var rows = Merge(level, bucket, tier, merged);
                    await database.AloneAsync(session => ReplaceAsync(session, level, bucket, merged, rows), cancel);
                }
            }
        }
        finally
        {
            _merging.Release();
        }
    }

    private static (List<(long Id, int Tier)> Chosen, int Tier) Choose(List<(long Id, int Tier)> parts, bool whole)
    {
        if (whole)
        {
            return (parts, WholeTier);
        }

        foreach (var tier in parts.GroupBy(part => part.Tier).OrderBy(tier => tier.Key))
        {
            if (tier.Count() >= (tier.Key == 0 ? FreshAtOnce : TierAtOnce))
            {
                return (tier.ToList(), tier.Key == WholeTier ? WholeTier : tier.Key + 1);
            }
        }

        return ([], 0);
    }

    private List<object?[]> Merge(Level level, long bucket, int tier, List<Part> parts)
    {
        var tuples = new Dictionary<int, Cell>();
        foreach (var part in parts)
        {
            part.Segment.AddTo(tuples);
        }

        var rows = new List<object?[]> { Row(level, bucket, Section.Tuples, tier, Segment.Of(tuples)) };
        var total = new Cell();
        for (var at = 0; at < Dimensions.Count; at++)
        {
            var dimension = (LogDimension)at;
            var values = new Dictionary<int, Cell>();
            foreach (var (tuple, cell) in tuples)
            {
                var word = catalog.Dimension(tuple, dimension);
                if (!values.TryGetValue(word, out var sum))
                {
                    values[word] = sum = new Cell();
                }

                sum.Add(cell);
            }

            rows.Add(Row(level, bucket, Section.Of(dimension), tier, Segment.Of(values) with { Bounds = [] }));
            if (at == (int)LogDimension.Streamed)
            {
                foreach (var cell in values.Values)
                {
                    total.Add(cell);
                }
            }
        }

        rows.Add(Row(level, bucket, Section.Total, tier, Segment.Of([new(0, total)]) with { Bounds = [] }));
        return rows;
    }

    private async Task<bool> ReplaceAsync(Session session, Level level, long bucket, List<Part> merged, List<object?[]> rows)
    {
        // Another gateway may have merged the same ones.
        var there = await IdsAsync(session, level, bucket);
        var ours = merged.ToDictionary(part => part.Id, part => part.Tier);
        if (
            there.Count(part => ours.ContainsKey(part.Id)) < ours.Count
            || there.Exists(part => part.Tier > 0 && !ours.ContainsKey(part.Id) && ours.ContainsValue(part.Tier))
        )
        {
            return false;
        }

        await session.ExecuteAsync($"DELETE FROM log_rollups WHERE id IN ({string.Join(", ", merged.Select(part => part.Id))})");
        foreach (var tier in merged.Select(part => part.Tier).Distinct().Where(tier => tier > 0))
        {
            await session.ExecuteAsync(
                $"DELETE FROM log_rollups WHERE level = @level AND section < {Section.Tuples} AND bucket = @bucket AND tier = @tier",
                ("@level", (int)level),
                ("@bucket", bucket),
                ("@tier", tier)
            );
        }

        await database.BulkAsync(session, "log_rollups", Columns, rows);
        return true;
    }

    private static Task<List<(long Id, int Tier)>> IdsAsync(Session session, Level level, long bucket) =>
        session.QueryAsync(
            $"SELECT id, tier FROM log_rollups WHERE level = @level AND section IN ({Section.Tuples}, {Section.Fresh}) AND bucket = @bucket",
            reader => (reader.GetInt64(0), reader.GetInt32(1)),
            ("@level", (int)level),
            ("@bucket", bucket)
        );

    // Only what is merged: the rest of a bucket may be a thousand times as much.
    private static Task<List<Part>> PartsAsync(Session session, List<(long Id, int Tier)> chosen) =>
        session.QueryAsync(
            $"""
            SELECT id, tier, keys, bounds, sums, sketches FROM log_rollups WHERE id IN ({string.Join(
                ", ",
                chosen.Select(part => part.Id)
            )}) ORDER BY id
            """,
            reader => new Part(
                reader.GetInt64(0),
                reader.GetInt32(1),
                new Segment(
                    reader.GetFieldValue<byte[]>(2),
                    reader.GetFieldValue<byte[]>(3),
                    reader.GetFieldValue<byte[]>(4),
                    reader.GetFieldValue<byte[]>(5)
                )
            )
        );

    private static object?[] Row(Level level, long bucket, int section, int tier, Segment segment) =>
        [(int)level, bucket, section, tier, segment.Keys, segment.Bounds, segment.Sums, segment.Sketches];

    private sealed record Part(long Id, int Tier, Segment Segment);
}
