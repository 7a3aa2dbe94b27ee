using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Observability.Tests.RequestLog;

/// <summary>A store that can be down, slow, or mind single rows.</summary>
internal sealed class AStore : ILogStore
{
    private readonly InMemoryLogStore _kept = new(1_000_000);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _appends;

    public volatile bool IsDown;

    /// <summary>Writes wait until <see cref="Open"/>.</summary>
    public bool Waits { get; init; }

    /// <summary>Rows that are not taken, nor is a batch with them.</summary>
    public Func<LogRow, bool> Minds { get; init; } = static _ => false;

    public Func<LogPayload, bool> MindsContent { get; init; } = static _ => false;

    public int Appends => Volatile.Read(ref _appends);

    public void Open() => _opened.TrySetResult();

    public async Task AppendAsync(IReadOnlyList<LogRow> rows, IReadOnlyList<LogPayload> payloads, CancellationToken cancel)
    {
        Interlocked.Increment(ref _appends);
        if (Waits)
        {
            await _opened.Task.WaitAsync(cancel);
        }

        if (IsDown)
        {
            throw new LogStoreUnavailableException("It is down.");
        }

        if (rows.Any(Minds) || payloads.Any(MindsContent))
        {
            throw new InvalidOperationException("It minds something.");
        }

        await _kept.AppendAsync(rows, payloads, cancel);
    }

    public Task PingAsync(CancellationToken cancel) =>
        IsDown ? Task.FromException(new LogStoreUnavailableException("It is down.")) : Task.CompletedTask;

    public async Task<IReadOnlyList<LogRow>> RowsAsync() => (await _kept.PageAsync(Everything, CancellationToken.None)).Rows;

    public async Task<LogRow> OnlyAsync() => Assert.Single(await RowsAsync());

    public Task<LogPage> PageAsync(LogPageQuery query, CancellationToken cancel) => _kept.PageAsync(query, cancel);

    public Task<long> CountAsync(LogFilter filter, long most, CancellationToken cancel) => _kept.CountAsync(filter, most, cancel);

    public Task<LogCount> CountAsync(LogFilter filter, long most, TimeSpan within, CancellationToken cancel) =>
        _kept.CountAsync(filter, most, within, cancel);

    public Task<IReadOnlyList<LogBucket>> AggregateAsync(LogAggregateQuery query, CancellationToken cancel) =>
        _kept.AggregateAsync(query, cancel);

    public Task<IReadOnlyList<string>> DistinctAsync(LogDimension dimension, LogFilter filter, int limit, CancellationToken cancel) =>
        _kept.DistinctAsync(dimension, filter, limit, cancel);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> MetadataAsync(LogFilter filter, int limit, CancellationToken cancel) =>
        _kept.MetadataAsync(filter, limit, cancel);

    public Task<LogRow?> FindAsync(string id, CancellationToken cancel) => _kept.FindAsync(id, cancel);

    public Task<LogPayload?> PayloadAsync(string id, CancellationToken cancel) => _kept.PayloadAsync(id, cancel);

    public Task<IReadOnlyList<LogPayload>> PayloadsAsync(IReadOnlyList<string> ids, CancellationToken cancel) =>
        _kept.PayloadsAsync(ids, cancel);

    public IAsyncEnumerable<LogRow> ReadAsync(LogFilter filter, CancellationToken cancel) => _kept.ReadAsync(filter, cancel);

    public Task<int> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancel) => _kept.DeleteAsync(ids, cancel);

    public Task RepriceAsync(IReadOnlyList<RepricedRow> rows, CancellationToken cancel) => _kept.RepriceAsync(rows, cancel);

    public Task<long> RetainAsync(LogRetention retention, CancellationToken cancel) => _kept.RetainAsync(retention, cancel);

    public Task<IReadOnlySet<string>> KnownAsync(IReadOnlyList<LogRow> rows, CancellationToken cancel) => _kept.KnownAsync(rows, cancel);

    public Task<long?> MarkAsync(string name, CancellationToken cancel) => _kept.MarkAsync(name, cancel);

    public Task SetMarkAsync(string name, long moment, CancellationToken cancel) => _kept.SetMarkAsync(name, moment, cancel);

    private static LogPageQuery Everything => new(new LogFilter(), LogSort.Time, Descending: false, 1_000_000, null);
}
