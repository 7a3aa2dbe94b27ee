using System.Data.Common;
using System.Runtime.InteropServices;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Sums, from roll-ups where the filter is plain and from the matching rows where it is not.</summary>
internal sealed class Aggregation(LogDatabase database, LogCatalog catalog, Session session, LogAggregateQuery query)
{
    private const int Other = -1;
    private const string OtherName = "other";
    private const int RowsAtOnce = 4096;

    private readonly RowMatch _match = new(query.Filter, catalog);
    private readonly long? _width = query.BucketSeconds * 1_000_000L;
    private HashSet<int>? _top;

    public async Task<List<LogBucket>> RunAsync()
    {
        if (query is { GroupBy: not null, Top: { } top })
        {
            // Who is at the top is a question about sums alone; it is answered first.
            var totals = new Dictionary<(long, int), Cell>();
            await AddAsync(totals, null, SegmentColumns.Sums);
            _top =
            [
                .. totals
                    .OrderByDescending(total => total.Value.Sums[Cell.Cost])
                    .ThenByDescending(total => total.Value.Requests)
                    .ThenBy(total => catalog.Text(total.Key.Item2), StringComparer.Ordinal)
                    .Take(top)
                    .Select(total => total.Key.Item2),
            ];
        }

        var cells = new Dictionary<(long, int), Cell>();
        await AddAsync(cells, _width, query.WithLatency ? SegmentColumns.Sums | SegmentColumns.Sketches : SegmentColumns.Sums);
        return cells
            .Where(cell => !cell.Value.IsNothing)
            .Select(cell => new LogBucket(
                _width is null ? null : cell.Key.Item1,
                NameOf(cell.Key.Item2),
                cell.Value.ToSums(query.WithLatency)
            ))
            .OrderBy(bucket => bucket.Start)
            .ThenBy(bucket => bucket.Group, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>How many requests each value of a dimension has; without a dimension, all under 0.</summary>
    public async Task<Dictionary<int, long>> CountsAsync()
    {
        var cells = new Dictionary<(long, int), Cell>();
        await AddAsync(cells, null, SegmentColumns.None);
        return cells.ToDictionary(cell => cell.Key.Item2, cell => cell.Value.Requests);
    }

    private string? NameOf(int group) =>
        query.GroupBy is null ? null
        : group == Other ? OtherName
        : catalog.Text(group);

    private async Task AddAsync(Dictionary<(long, int), Cell> cells, long? width, SegmentColumns columns)
    {
        if (!_match.AnyTuple)
        {
            return;
        }

        if (!_match.IsPlain)
        {
            await foreach (var row in new TimeWalk(database, session, _match, descending: false, wanted: long.MaxValue / 4).RowsAsync(null))
            {
                Add(row, cells, width, 1);
            }

            return;
        }

        var section = SectionOf();
        var (rowsFrom, end) = await ExtentAsync();
        foreach (var (level, from, to, sign) in Cover.Of(_match.From, end, width, await Floors.ReadAsync(session), rowsFrom))
        {
            if (level is not { } buckets)
            {
                // Mostly it is the end of one bucket, and the database can add up.
                var start = width is { } wide ? LogKey.Floor(from, wide) : 0;
                await (
                    width is null || to <= start + width
                        ? AddSumsAsync(LogKey.First(from), LogKey.First(to), cells, start, sign, columns)
                        : AddRowsAsync(LogKey.First(from), LogKey.First(to), cells, width, sign)
                );
                continue;
            }

            await foreach (var stored in RollupReader.ReadAsync(session, buckets, section, from, to, columns))
            {
                Add(stored, cells, width);
            }
        }
    }

    /// <summary>The moment of the first row, and the end of what is asked for: mostly "now", and nothing is behind it yet. Then whole buckets are read, instead
    /// of all rows of the minute that is not over.</summary>
    private async Task<(long RowsFrom, long End)> ExtentAsync() =>
        await RowReader.ExtentAsync(session) is { } extent
            ? (LogKey.At(extent.From), LogKey.At(extent.To - 1) < _match.To ? long.MaxValue : _match.To)
            : (long.MaxValue, _match.To);

    /// <summary>One dimension or none has sums of its own; for more, all combinations are read.</summary>
    private int SectionOf()
    {
        var asked = _match.Dimensions.ToHashSet();
        if (query.GroupBy is { } group)
        {
            asked.Add(group);
        }

        return asked.Count switch
        {
            0 => Section.Total,
            1 => Section.Of(asked.First()),
            _ => Section.Tuples,
        };
    }

    /// <summary>Rows of one bucket: by combination, so that few come back, and of the single ones only what sketches need.</summary>
    private async Task AddSumsAsync(long from, long to, Dictionary<(long, int), Cell> cells, long start, int sign, SegmentColumns columns)
    {
        if (from >= to)
        {
            return;
        }

        // The plus keeps SQLite from reading the whole index by combination for its order.
        const string range = "FROM log_rows WHERE key >= @from AND key < @to";
        await session.EachAsync(
            $"SELECT +tuple, {StoredRow.SumColumns} {range} GROUP BY +tuple",
            reader => CellOf(reader)?.Add(reader, sign, catalog.StatusOf(reader.GetInt32(0))),
            ("@from", from),
            ("@to", to)
        );
        if (columns.HasFlag(SegmentColumns.Sketches))
        {
            await session.EachAsync(
                $"SELECT tuple, latency, first_byte {range}",
                reader => CellOf(reader)?.AddLatency(reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), sign),
                ("@from", from),
                ("@to", to)
            );
        }

        Cell? CellOf(DbDataReader reader) =>
            reader.GetInt32(0) is var tuple && _match.Tuple(tuple) ? Aggregation.CellOf(cells, start, GroupOf(tuple)) : null;
    }

    private async Task AddRowsAsync(long from, long to, Dictionary<(long, int), Cell> cells, long? width, int sign)
    {
        while (from < to)
        {
            var rows = await RowReader.RangeAsync(session, from, to, false, RowsAtOnce, columns: StoredRow.NumberColumns);
            foreach (var row in rows)
            {
                if (_match.Tuple(row.Tuple))
                {
                    Add(row, cells, width, sign);
                }
            }

            if (rows.Count < RowsAtOnce)
            {
                return;
            }

            from = rows[^1].Key + 1;
        }
    }

    private void Add(StoredRow row, Dictionary<(long, int), Cell> cells, long? width, int sign) =>
        CellOf(cells, width is { } wide ? LogKey.Floor(row.At, wide) : 0, GroupOf(row.Tuple)).Add(row, sign, catalog.StatusOf(row.Tuple));

    private void Add(StoredSegment stored, Dictionary<(long, int), Cell> cells, long? width)
    {
        var start = width is { } wide ? LogKey.Floor(stored.Bucket, wide) : 0;
        var reader = new SegmentReader(stored.Segment.Keys, default, stored.Segment.Sums, stored.Segment.Sketches);
        while (reader.Next())
        {
            if (stored.ByTuple)
            {
                if (_match.Tuple(reader.Id))
                {
                    reader.AddTo(CellOf(cells, start, GroupOf(reader.Id)));
                }
            }
            else if (_match.Dimensions.Count == 0 || _match.Value(_match.Dimensions.First(), reader.Id))
            {
                reader.AddTo(CellOf(cells, start, query.GroupBy is null ? 0 : Folded(reader.Id)));
            }
        }
    }

    private int GroupOf(int tuple) => query.GroupBy is { } dimension ? Folded(catalog.Dimension(tuple, dimension)) : 0;

    private int Folded(int word) => _top?.Contains(word) != false ? word : Other;

    private static Cell CellOf(Dictionary<(long, int), Cell> cells, long start, int group)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, (start, group), out _);
        return cell ??= new Cell();
    }
}
