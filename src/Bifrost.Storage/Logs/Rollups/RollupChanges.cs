namespace Bifrost.Storage.Logs.Rollups;

/// <summary>What one transaction changes in the sums, minute by minute.</summary>
internal sealed class RollupChanges
{
    private readonly Dictionary<long, Dictionary<int, Cell>> _minutes = [];

    public bool IsEmpty => _minutes.Count == 0;

    public Cell Of(long at, int tuple)
    {
        var minute = Level.Minute.BucketOf(at);
        if (!_minutes.TryGetValue(minute, out var cells))
        {
            _minutes[minute] = cells = [];
        }

        if (!cells.TryGetValue(tuple, out var cell))
        {
            cells[tuple] = cell = new Cell();
        }

        return cell;
    }

    /// <summary>The buckets of a level that change, and how.</summary>
    public IEnumerable<(long Bucket, Segment Segment)> At(Level level)
    {
        foreach (var group in _minutes.GroupBy(minute => level.BucketOf(minute.Key)))
        {
            var parts = group.ToList();
            if (parts.Count == 1)
            {
                yield return (group.Key, Segment.Of(parts[0].Value));
                continue;
            }

            var all = new Dictionary<int, Cell>();
            foreach (var (tuple, cell) in parts.SelectMany(part => part.Value))
            {
                if (!all.TryGetValue(tuple, out var sum))
                {
                    all[tuple] = sum = new Cell();
                }

                sum.Add(cell);
            }

            yield return (group.Key, Segment.Of(all));
        }
    }
}
