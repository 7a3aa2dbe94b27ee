using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>The least and most of latency, tokens and cost among rows that are or were in a cell: no row is outside, but rows that were deleted leave them wide.</summary>
internal sealed class Bounds
{
    private const int Keys = 3;
    private readonly long[] _least = [long.MaxValue, long.MaxValue, long.MaxValue];
    private readonly long[] _most = [long.MinValue, long.MinValue, long.MinValue];

    /// <summary>What rows are sorted by. Without a price is below free.</summary>
    public static long Value(LogSort sort, long latency, long tokens, long? cost) =>
        sort switch
        {
            LogSort.Latency => latency,
            LogSort.Tokens => tokens,
            LogSort.Cost => cost ?? -1,
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Rows have no such value."),
        };

    /// <summary>As <see cref="Value"/>, where the database is asked.</summary>
    public static string Sql(LogSort sort) =>
        sort switch
        {
            LogSort.Latency => "latency",
            LogSort.Tokens => "input + output",
            LogSort.Cost => "COALESCE(cost, -1)",
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Rows have no such value."),
        };

    public long Least(LogSort sort) => _least[(int)sort - 1];

    public long Most(LogSort sort) => _most[(int)sort - 1];

    public void Include(StoredRow row)
    {
        Include(0, row.Latency);
        Include(1, row.Tokens);
        IncludeCost(row.Cost);
    }

    public void IncludeCost(long? cost) => Include(2, cost ?? -1);

    public void Include(Bounds other)
    {
        for (var key = 0; key < Keys; key++)
        {
            _least[key] = Math.Min(_least[key], other._least[key]);
            _most[key] = Math.Max(_most[key], other._most[key]);
        }
    }

    public void Write(ByteWriter to)
    {
        for (var key = 0; key < Keys; key++)
        {
            if (_least[key] > _most[key])
            {
                to.Number(-1);
            }
            else
            {
                to.Number(_most[key] - _least[key]);
                to.Number(_least[key]);
            }
        }
    }

    /// <summary>Takes the place of what was there.</summary>
    public void Read(ref ByteReader from)
    {
        for (var key = 0; key < Keys; key++)
        {
            var width = from.Number();
            (_least[key], _most[key]) = width < 0 ? (long.MaxValue, long.MinValue) : (from.Number(), width);
            _most[key] = width < 0 ? long.MinValue : _least[key] + width;
        }
    }

    private void Include(int key, long value)
    {
        _least[key] = Math.Min(_least[key], value);
        _most[key] = Math.Max(_most[key], value);
    }
}
