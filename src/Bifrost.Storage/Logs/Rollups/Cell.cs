using System.Data.Common;
using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>Sums of one combination of dimensions in one bucket, or a change to them: everything but the bounds may be negative.</summary>
internal sealed class Cell
{
    public const int SumCount = 10;
    public const int Errors = 0;
    public const int Cancelled = 1;
    public const int Input = 2;
    public const int Output = 3;
    public const int CachedRead = 4;
    public const int Reasoning = 5;
    public const int Images = 6;
    public const int Cost = 7;
    public const int Unpriced = 8;
    public const int Estimated = 9;

    public long Requests { get; set; }

    public long[] Sums { get; } = new long[SumCount];

    public Bins Latency { get; } = new();

    public Bins FirstByte { get; } = new();

    public Bounds Bounds { get; } = new();

    public bool IsNothing => Requests == 0 && !Sums.AsSpan().ContainsAnyExcept(0) && Latency.IsEmpty && FirstByte.IsEmpty;

    /// <param name="row">Which.</param>
    /// <param name="sign">1: it is there now; -1: no more.</param>
    /// <param name="dimensions">Its combination; says the status.</param>
    public void Add(StoredRow row, int sign, RowStatus dimensions)
    {
        Requests += sign;
        Sums[Errors] += dimensions == RowStatus.Error ? sign : 0;
        Sums[Cancelled] += dimensions == RowStatus.Cancelled ? sign : 0;
        Sums[Input] += sign * row.Input;
        Sums[Output] += sign * row.Output;
        Sums[CachedRead] += sign * row.CachedRead;
        Sums[Reasoning] += sign * row.Reasoning;
        Sums[Images] += sign * row.Images;
        Sums[Estimated] += row.Estimated ? sign : 0;
        AddCost(row.Cost, sign);
        AddLatency(row.Latency, row.FirstByte, sign);
        if (sign > 0)
        {
            Bounds.Include(row);
        }
    }

    /// <param name="from">After a combination, what <see cref="StoredRow.SumColumns"/> asks for: of several rows, without their latencies.</param>
    /// <param name="sign">1: they are there; -1: they are not to be counted.</param>
    /// <param name="dimensions">Their combination; says the status.</param>
    public void Add(DbDataReader from, int sign, RowStatus dimensions)
    {
        var count = sign * from.GetInt64(1);
        Requests += count;
        Sums[Errors] += dimensions == RowStatus.Error ? count : 0;
        Sums[Cancelled] += dimensions == RowStatus.Cancelled ? count : 0;
        for (var at = Input; at < SumCount; at++)
        {
            Sums[at] += sign * from.GetInt64(at);
        }
    }

    public void AddLatency(long latency, long? firstByte, int sign)
    {
        Latency.Add(LatencySketch.BinOf(latency), sign);
        if (firstByte is { } first)
        {
            FirstByte.Add(LatencySketch.BinOf(first), sign);
        }
    }

    public void AddCost(long? cost, int sign)
    {
        Sums[Cost] += sign * (cost ?? 0);
        Sums[Unpriced] += cost is null ? sign : 0;
    }

    public void Add(Cell other)
    {
        Requests += other.Requests;
        for (var at = 0; at < SumCount; at++)
        {
            Sums[at] += other.Sums[at];
        }

        Latency.Add(other.Latency);
        FirstByte.Add(other.FirstByte);
        Bounds.Include(other.Bounds);
    }

    public LogSums ToSums(bool withLatency) =>
        new()
        {
            Requests = Requests,
            Errors = Sums[Errors],
            Cancelled = Sums[Cancelled],
            InputTokens = Sums[Input],
            OutputTokens = Sums[Output],
            CachedReadTokens = Sums[CachedRead],
            ReasoningTokens = Sums[Reasoning],
            Images = Sums[Images],
            Cost = Sums[Cost],
            Unpriced = Sums[Unpriced],
            Estimated = Sums[Estimated],
            Latency = withLatency ? Latency.ToSketch() : LatencySketch.Empty,
            FirstByte = withLatency ? FirstByte.ToSketch() : LatencySketch.Empty,
        };
}

internal enum RowStatus
{
    Success,
    Error,
    Cancelled,
}
