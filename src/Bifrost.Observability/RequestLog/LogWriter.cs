using Bifrost.Observability.Live;
using Bifrost.Observability.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Observability.RequestLog;

/// <summary>Takes what waits, makes rows of it and brings them to the store in batches. While the store is down it asks again and again and the queue
/// absorbs. One loop.</summary>
internal sealed partial class LogWriter(
    LogQueue queue,
    ILogStore store,
    LiveFeed live,
    LogDrops drops,
    RequestLogOptions options,
    TimeProvider clock,
    ILogger log
)
{
    /// <summary>Content in one transaction, however few rows it is of.</summary>
    private const long BatchContentBytes = 8 << 20;

    /// <summary>After so many failures a store that is well otherwise is taken to mind something in the batch.</summary>
    private const int Doubts = 3;

    /// <summary>Fewer at once are written without waiting for more.</summary>
    private const int FewRows = 64;

    /// <summary>Longest wait between tries once it stops, which may be between a failed try and its pause.</summary>
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromMilliseconds(100);

    private readonly List<LogRow> _rows = new(options.BatchRows);
    private readonly List<LogPayload> _payloads = [];

    private int _taken;
    private long _contentBytes;
    private long _since;
    private long _done;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rows that are written or lost, of those ever added.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>The store took the last batch.</summary>
    public bool StoreIsWell { get; private set; } = true;

    public void Stop()
    {
        _stop.TrySetResult();
        queue.Wake();
    }

    /// <param name="giveUp">Ends it, whatever still waits.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested)
        {
            // Asked before the queue is, so that what was added before the stop is taken.
            var stopping = _stop.Task.IsCompleted;
            var few = Take() < FewRows;
            if (_taken > 0 && (few || stopping || IsFull || clock.GetElapsedTime(_since) >= options.StoreDelay))
            {
                await WriteTakenAsync(giveUp);
                continue;
            }

            if (stopping)
            {
                return;
            }

            await queue.WaitAsync(options.BatchDelay);
        }

        await GiveUpAsync(giveUp);
    }

    private bool IsFull => _taken >= options.BatchRows || _contentBytes >= BatchContentBytes;

    private async Task WriteTakenAsync(CancellationToken giveUp)
    {
        if (_rows.Count > 0)
        {
            await WriteAsync([.. _rows], [.. _payloads], giveUp);
        }

        queue.GiveBack(_taken, _contentBytes);
        Interlocked.Add(ref _done, _taken);
        _rows.Clear();
        _payloads.Clear();
        (_taken, _contentBytes) = (0, 0);
    }

    private async Task GiveUpAsync(CancellationToken giveUp)
    {
        if (_taken > 0)
        {
            await WriteTakenAsync(giveUp);
        }

        LoseTheRest();
    }

    /// <returns>How many came.</returns>
    private int Take()
    {
        _since = _taken == 0 ? clock.GetTimestamp() : _since;
        var before = _taken;
        while (!IsFull && queue.TryTake(out var draft))
        {
            _contentBytes += draft.ContentBytes;
            _taken++;
            try
            {
                Add(draft);
            }
#pragma warning disable CA1031 // One exchange that cannot be written down must not be the end of the log.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                drops.CountRows(LogDropReason.Refused);
                NotMade(bug, draft.Id);
            }

            draft.DropContent();
        }

        return _taken - before;
    }

    private void Add(LogDraft draft)
    {
        var row = RowMaking.Make(draft);
        if (ContentOf(draft, row.Id) is { } payload)
        {
            row = row with { HasPayload = true };
            _payloads.Add(payload);
        }

        _rows.Add(row);
        live.Publish(row);
    }

    private LogPayload? ContentOf(LogDraft draft, string id)
    {
        if (!draft.Policy.IsBroken)
        {
            return ContentMaking.Make(draft, id);
        }

        if (draft.ContentBytes > 0)
        {
            drops.CountContents(LogDropReason.NotRedacted);
        }

        return null;
    }

    /// <returns>False: none of it is kept.</returns>
    private async Task<bool> WriteAsync(
        IReadOnlyList<LogRow> rows,
        IReadOnlyList<LogPayload> payloads,
        CancellationToken giveUp,
        int doubts = 0
    )
    {
        var wait = options.FirstRetry;
        while (true)
        {
            if (await TryWriteAsync(rows, payloads, giveUp) is not { } failure)
            {
                return true;
            }

            if (giveUp.IsCancellationRequested)
            {
                drops.CountRows(LogDropReason.Stopped, rows.Count);
                return false;
            }

            if (++doubts >= Doubts && await IsWellAsync(giveUp))
            {
                return await SplitAsync(rows, payloads, failure, giveUp);
            }

            await PauseAsync(wait, giveUp);
            wait = wait * 2 > options.LongestRetry ? options.LongestRetry : wait * 2;
        }
    }

    /// <summary>Something in the batch is not taken: halves find what, and only that is lost; content before its row.</summary>
    private async Task<bool> SplitAsync(
        IReadOnlyList<LogRow> rows,
        IReadOnlyList<LogPayload> payloads,
        Exception failure,
        CancellationToken giveUp
    )
    {
        if (rows.Count == 1)
        {
            if (payloads.Count > 0)
            {
                var kept = await WriteAsync([rows[0] with { HasPayload = false }], [], giveUp, Doubts - 1);
                drops.CountContents(LogDropReason.Refused, kept ? 1 : 0);
                return kept;
            }

            drops.CountRows(LogDropReason.Refused);
            Refused(failure, rows[0].Id);
            return false;
        }

        var half = rows.Count / 2;
        IReadOnlyList<LogRow>[] halves =
        [
            [.. rows.Take(half)],
            [.. rows.Skip(half)],
        ];
        foreach (var part in halves)
        {
            var ids = part.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
            await WriteAsync(part, [.. payloads.Where(payload => ids.Contains(payload.Id))], giveUp, Doubts - 1);
        }

        return true;
    }

    private async Task<Exception?> TryWriteAsync(IReadOnlyList<LogRow> rows, IReadOnlyList<LogPayload> payloads, CancellationToken giveUp)
    {
        using var patience = new CancellationTokenSource(options.StorePatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, giveUp);
        try
        {
            await store.AppendAsync(rows, payloads, either.Token);
            if (!StoreIsWell)
            {
                StoreIsWell = true;
                Recovered(rows.Count);
            }

            return null;
        }
#pragma warning disable CA1031 // Whatever a store throws, the log must go on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (StoreIsWell)
            {
                StoreIsWell = false;
                Failed(failure);
            }

            return failure;
        }
    }

    private async Task<bool> IsWellAsync(CancellationToken giveUp)
    {
        try
        {
            await store.PingAsync(giveUp);
            return true;
        }
#pragma warning disable CA1031 // Whatever it throws, it is not well.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>Waits before another try. The stop ends it early, and then there is no time for long ones.</summary>
    private async Task PauseAsync(TimeSpan wait, CancellationToken giveUp)
    {
        if (_stop.Task.IsCompleted)
        {
            var shortest = options.FirstRetry < AtTheEnd ? options.FirstRetry : AtTheEnd;
            await Task.Delay(shortest, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await Task.WhenAny(Task.Delay(wait, clock, giveUp), _stop.Task);
    }

    /// <summary>Counts what still waits. Only when <see cref="RunAsync"/> has returned.</summary>
    public void LoseTheRest()
    {
        while (queue.TryTake(out var draft))
        {
            var contentBytes = draft.ContentBytes;
            draft.DropContent();
            drops.CountRows(LogDropReason.Stopped);
            queue.GiveBack(1, contentBytes);
            Interlocked.Increment(ref _done);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The request log cannot be written; rows wait in memory until it can")]
    private partial void Failed(Exception failure);

    [LoggerMessage(4, LogLevel.Error, "No row could be made of the request {Id}")]
    private partial void NotMade(Exception bug, string id);

    [LoggerMessage(2, LogLevel.Information, "The request log is written again, {Rows} rows at once")]
    private partial void Recovered(int rows);

    [LoggerMessage(3, LogLevel.Error, "The store of the request log does not take the row {Id}; it is lost")]
    private partial void Refused(Exception failure, string id);
}
