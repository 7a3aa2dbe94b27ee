namespace Bifrost.Storage.Logs.Rollups;

/// <summary>
/// Cells of one bucket as they are stored: sorted by what they are about, in four columns, so that a question reads only those it needs. Segments of the same
/// bucket add up; a change is one more segment.
/// </summary>
internal sealed record Segment(byte[] Keys, byte[] Bounds, byte[] Sums, byte[] Sketches)
{
    public static Segment Of(IEnumerable<KeyValuePair<int, Cell>> cells)
    {
        var (keys, bounds, sums, sketches, sketch) = (
            new ByteWriter(),
            new ByteWriter(),
            new ByteWriter(),
            new ByteWriter(),
            new ByteWriter()
        );
        var before = 0;
        foreach (var (id, cell) in cells.OrderBy(cell => cell.Key))
        {
            if (cell.IsNothing)
            {
                continue;
            }

            keys.Number(id - before);
            keys.Number(cell.Requests);
            before = id;
            cell.Bounds.Write(bounds);
            foreach (var sum in cell.Sums)
            {
                sums.Number(sum);
            }

            sketch.Clear();
            cell.Latency.Write(sketch);
            cell.FirstByte.Write(sketch);
            sketches.Number(sketch.Length);
            sketches.Bytes(sketch.Written);
        }

        return new Segment(keys.ToArray(), bounds.ToArray(), sums.ToArray(), sketches.ToArray());
    }

    /// <summary>Adds all cells to those that are there.</summary>
    public void AddTo(Dictionary<int, Cell> cells)
    {
        var reader = new SegmentReader(Keys, Bounds, Sums, Sketches);
        while (reader.Next())
        {
            if (!cells.TryGetValue(reader.Id, out var cell))
            {
                cells[reader.Id] = cell = new Cell();
            }

            reader.AddTo(cell);
            cell.Bounds.Include(reader.Bounds);
        }
    }
}

/// <summary>Walks through the cells of a <see cref="Segment"/>. Columns that are empty are not read.</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> bounds, ReadOnlySpan<byte> sums, ReadOnlySpan<byte> sketches)
{
    private readonly bool _hasBounds = bounds.Length > 0;
    private readonly bool _hasSums = sums.Length > 0;
    private readonly bool _hasSketches = sketches.Length > 0;
    private readonly long[] _values = new long[Cell.SumCount];
    private ByteReader _keys = new(keys);
    private ByteReader _bounds = new(bounds);
    private ByteReader _sums = new(sums);
    private ByteReader _sketches = new(sketches);
    private ReadOnlySpan<byte> _sketch;

    /// <summary>A tuple or a word.</summary>
    public int Id { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Of the cell at hand; the next one overwrites it.</summary>
    public Bounds Bounds { get; } = new();

    public readonly long Sum(int which) => _values[which];

    public bool Next()
    {
        if (_keys.AtEnd)
        {
            return false;
        }

        Id += (int)_keys.Number();
        Requests = _keys.Number();
        if (_hasBounds)
        {
            Bounds.Read(ref _bounds);
        }

        if (_hasSums)
        {
            for (var at = 0; at < Cell.SumCount; at++)
            {
                _values[at] = _sums.Number();
            }
        }

        if (_hasSketches)
        {
            _sketch = _sketches.Bytes((int)_sketches.Number());
        }

        return true;
    }

    /// <summary>Everything but the bounds.</summary>
    public readonly void AddTo(Cell cell)
    {
        cell.Requests += Requests;
        if (_hasSums)
        {
            for (var at = 0; at < Cell.SumCount; at++)
            {
                cell.Sums[at] += _values[at];
            }
        }

        if (_hasSketches)
        {
            var sketch = new ByteReader(_sketch);
            cell.Latency.Add(ref sketch);
            cell.FirstByte.Add(ref sketch);
        }
    }
}
