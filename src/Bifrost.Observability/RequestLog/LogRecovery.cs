using Bifrost.Core.World;
using Bifrost.Observability.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Observability.RequestLog;

/// <summary>
/// Makes the log whole again from the books: rows that a death took from the queue, and rows that were dropped while the store was down, are made anew of
/// what the calls did cost. A mark in the store says up to when the log is known to be whole. It moves on for as long as nothing is dropped; only what came
/// after it is compared, at the start and after drops, and never what may still be under way. Doing it twice changes nothing.
/// </summary>
public sealed partial class LogRecovery : IAsyncDisposable
{
    /// <summary>How far a clock may be set back without anything being passed over.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);
    private const int RowsAtOnce = 500;

    private readonly RequestLog _log;
    private readonly LiveExchanges _live;
    private readonly ILogStore _store;
    private readonly IPaidCalls _calls;
    private readonly Func<LogConfig> _config;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Kept in the store.</summary>
    private DateTimeOffset _mark;

    /// <summary>Nothing that was called before this moment is missing.</summary>
    private DateTimeOffset _whole;

    /// <summary>Something that was called before this moment may be missing.</summary>
    private DateTimeOffset _doubted;
    private long _dropped;
    private bool _failed;

    private LogRecovery(
        RequestLog log,
        LiveExchanges live,
        ILogStore store,
        IPaidCalls calls,
        Func<LogConfig> config,
        TimeProvider clock,
        ILogger logger
    ) => (_log, _live, _store, _calls, _config, _clock, _logger) = (log, live, store, calls, config, clock, logger);

    /// <summary>Begins to compare. Before the first exchange, and when everything of an earlier life can be read from the books.</summary>
    /// <param name="log">Which rows are taken down.</param>
    /// <param name="live">Which are still to come.</param>
    /// <param name="store">Where they go.</param>
    /// <param name="calls">The books.</param>
    /// <param name="config">What the operator wants to be kept, as it is now.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Told of what was missing.</param>
    /// <param name="cancel">Stops the start.</param>
    /// <exception cref="LogStoreUnavailableException">The store cannot be asked for the mark.</exception>
    public static async Task<LogRecovery> StartAsync(
        RequestLog log,
        LiveExchanges live,
        ILogStore store,
        IPaidCalls calls,
        Func<LogConfig> config,
        TimeProvider clock,
        ILogger logger,
        CancellationToken cancel
    )
    {
        var recovery = new LogRecovery(log, live, store, calls, config, clock, logger);
        if (await store.MarkAsync(calls.Name, cancel) is { } mark)
        {
            recovery._mark = DateTimeOffset.UnixEpoch.AddMicroseconds(mark);
        }
        else
        {
            // A new log, or one of before there were marks: what is older is not looked for.
            await recovery.MarkAsync(clock.GetUtcNow(), cancel);
        }

        recovery._whole = recovery._mark;
        // Whatever an earlier life has left out.
        recovery._doubted = clock.GetUtcNow();
        recovery._work = Task.Run(recovery.RunAsync, CancellationToken.None);
        return recovery;
    }

    /// <summary>Ends the comparing. After the log was stopped, <see cref="CloseAsync"/> moves the mark for the last time.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _work;
    }

    /// <summary>When every row has arrived, the next start need not look for any.</summary>
    public async Task CloseAsync()
    {
        NoticeDrops();
        if (_doubted >= _whole)
        {
            return;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _clock);
        try
        {
            await MarkAsync(Until(), patience.Token);
        }
        catch (Exception missed) when (missed is LogStoreUnavailableException or OperationCanceledException)
        {
            // The next start looks, and finds nothing.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await CompareAsync(_stopping.Token);
                _failed = false;
            }
#pragma warning disable CA1031 // Whatever a store throws, the next round tries again; the mark stays where it is.
            catch (Exception trouble)
#pragma warning restore CA1031
            {
                if (!_failed && !_stopping.IsCancellationRequested)
                {
                    Failed(trouble);
                }

                _failed = true;
            }

            await Task.Delay(TimeSpan.FromSeconds(5), _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CompareAsync(CancellationToken cancel)
    {
        // What was taken down before this moment is in the store once the log is flushed, or was counted as dropped.
        var until = Until();
        await _log.FlushAsync(cancel);
        NoticeDrops();
        if (until <= _whole)
        {
            return;
        }

        if (_doubted >= _whole && _config() is { Enabled: true } config)
        {
            await _calls.CaughtUpAsync(cancel);
            await FillAsync(_whole - Slack, until, new LogPolicy(config), cancel);
        }

        _whole = until;
        await MarkAsync(until - Slack, cancel);
    }

    // Books are kept to the millisecond: a call is in them as made a little earlier.
    private DateTimeOffset Until() => _live.Since() - TimeSpan.FromMilliseconds(1);

    /// <summary>A drop may be of any exchange that is not known to be whole.</summary>
    private void NoticeDrops()
    {
        var dropped = _log.Drops.Rows;
        if (dropped != _dropped)
        {
            _dropped = dropped;
            _doubted = _clock.GetUtcNow();
        }
    }

    private async Task FillAsync(DateTimeOffset from, DateTimeOffset to, LogPolicy policy, CancellationToken cancel)
    {
        // Exchanges whose first target failed and was paid: the next one may come on a later page.
        var begun = new Dictionary<string, LogRow>(StringComparer.Ordinal);
        var whole = new List<LogRow>();
        var found = 0;
        Guid? after = null;
        do
        {
            var page = await _calls.ReadAsync(from, to, after, cancel);
            var known = await _store.KnownAsync([.. page.Calls.Select(call => call.Row)], cancel);
            foreach (var call in page.Calls)
            {
                if (known.Contains(call.Row.Id))
                {
                    continue;
                }

                var row = Clean(call, policy);
                row = begun.Remove(row.Id, out var before) ? Sum(before, row) : row;
                if (call.IsLast)
                {
                    whole.Add(row);
                }
                else
                {
                    begun[row.Id] = row;
                }
            }

            after = page.Next;
            if (whole.Count >= RowsAtOnce)
            {
                found += await AppendAsync(whole, cancel);
            }
        } while (after is not null);

        whole.AddRange(begun.Values);
        found += await AppendAsync(whole, cancel);
        if (found > 0)
        {
            Recovered(found);
        }
    }

    private async Task<int> AppendAsync(List<LogRow> rows, CancellationToken cancel)
    {
        var count = 0;
        foreach (var some in rows.Chunk(RowsAtOnce))
        {
            await _store.AppendAsync(some, [], cancel);
            _log.Drops.CountRecovered(some.Length);
            count += some.Length;
        }

        rows.Clear();
        return count;
    }

    private async Task MarkAsync(DateTimeOffset until, CancellationToken cancel)
    {
        if (until > _mark)
        {
            await _store.SetMarkAsync(_calls.Name, (until - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, cancel);
            _mark = until;
        }
    }

    private static LogRow Clean(PaidCall call, LogPolicy policy)
    {
        var redactor = policy.Redactor;
        var metadata = new List<KeyValuePair<string, string>>();
        RowText.AddDimensions(metadata, call.Dimensions, redactor);
        return call.Row with
        {
            AskedModel = RowText.Name(redactor, call.Row.AskedModel) ?? "",
            SentModel = RowText.Name(redactor, call.Row.SentModel),
            Metadata = metadata,
            Recovered = true,
        };
    }

    /// <summary>What a failed target cost is added to the one that came after, as when the row was first taken down.</summary>
    private static LogRow Sum(LogRow before, LogRow last) =>
        last with
        {
            At = before.At,
            Latency = last.At + last.Latency - before.At,
            InputTokens = before.InputTokens + last.InputTokens,
            OutputTokens = before.OutputTokens + last.OutputTokens,
            CachedReadTokens = before.CachedReadTokens + last.CachedReadTokens,
            CachedWriteTokens = before.CachedWriteTokens + last.CachedWriteTokens,
            ReasoningTokens = before.ReasoningTokens + last.ReasoningTokens,
            AudioTokens = before.AudioTokens + last.AudioTokens,
            Images = before.Images + last.Images,
            VideoMilliseconds = before.VideoMilliseconds + last.VideoMilliseconds,
            ComputeMilliseconds = before.ComputeMilliseconds + last.ComputeMilliseconds,
            Cost = before.Cost is null && last.Cost is null ? null : (before.Cost ?? 0) + (last.Cost ?? 0),
            Estimated = before.Estimated || last.Estimated,
            FallbackIndex = before.FallbackIndex + 1,
        };

    [LoggerMessage(1, LogLevel.Warning, "{Rows} rows were missing in the request log and were made again from the ledger")]
    private partial void Recovered(int rows);

    [LoggerMessage(2, LogLevel.Error, "The request log could not be compared with the ledger; it is tried again")]
    private partial void Failed(Exception trouble);
}
