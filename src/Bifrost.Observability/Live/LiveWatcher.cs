using System.Threading.Channels;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Observability.Live;

/// <summary>Somebody who watches. One reader.</summary>
public sealed class LiveWatcher : IDisposable
{
    private readonly LiveFeed _feed;
    private readonly Channel<LogRow> _rows;
    private LogFilter _filter;
    private long _missed;

    internal LiveWatcher(LiveFeed feed, LogFilter filter, int room)
    {
        (_feed, _filter) = (feed, filter);
        _rows = Channel.CreateBounded<LogRow>(new BoundedChannelOptions(room) { SingleReader = true });
    }

    /// <summary>May be changed at any time; holds for rows from then on.</summary>
    public LogFilter Filter
    {
        get => Volatile.Read(ref _filter);
        set => Volatile.Write(ref _filter, value);
    }

    /// <summary>Waits for rows. Ends when it is disposed of; then <see cref="LiveBatch.Rows"/> is empty.</summary>
    /// <param name="most">Rows at once.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async ValueTask<LiveBatch> ReadAsync(int most, CancellationToken cancel)
    {
        var rows = new List<LogRow>();
        if (await _rows.Reader.WaitToReadAsync(cancel))
        {
            while (rows.Count < most && _rows.Reader.TryRead(out var row))
            {
                rows.Add(row);
            }
        }

        return new LiveBatch(rows, Interlocked.Exchange(ref _missed, 0));
    }

    public void Dispose()
    {
        _feed.Forget(this);
        _rows.Writer.TryComplete();
    }

    internal void Offer(LogRow row)
    {
        if (LiveFilter.Matches(Filter, row) && !_rows.Writer.TryWrite(row))
        {
            Interlocked.Increment(ref _missed);
        }
    }
}

/// <param name="Rows">In the order in which they ended.</param>
/// <param name="Missed">Rows that passed the filter since the last reading and found no room.</param>
public sealed record LiveBatch(IReadOnlyList<LogRow> Rows, long Missed);
