using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.Live;
using Bifrost.Observability.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Observability.RequestLog;

/// <summary>Remembers every exchange: takes it down when it is over, and has it written by and by. What is too much is dropped and counted, content
/// first; a request never waits for the log.</summary>
public sealed class RequestLog : ISettler, IAnswerCopies, IAsyncDisposable
{
    private readonly LogQueue _queue;
    private readonly LogWriter _writer;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _writing;
    private volatile bool _isOver;
    private LogPolicy _policy = new(new LogConfig());

    private RequestLog(ILogStore store, RequestLogOptions options, TimeProvider clock, ILogger log)
    {
        _clock = clock;
        _queue = new LogQueue(options);
        _writer = new LogWriter(_queue, store, Live, Drops, options, clock, log);
        _writing = Task.Run(() => _writer.RunAsync(_giveUp.Token));
    }

    /// <summary>Rows as they are made, before the store has them.</summary>
    public LiveFeed Live { get; } = new();

    /// <summary>What is missing.</summary>
    public LogDrops Drops { get; } = new();

    /// <summary>Rows that wait for the store.</summary>
    public int QueuedRows => _queue.Count;

    /// <summary>Bytes of content that wait for the store.</summary>
    public long QueuedContentBytes => _queue.ContentBytes;

    /// <summary>Rows taken down since the start, dropped ones not counted.</summary>
    public long Taken => _queue.Added;

    /// <summary>False while rows wait because the store does not take them.</summary>
    public bool StoreIsWell => _writer.StoreIsWell;

    /// <summary>Begins to write. Stop it with <see cref="StopAsync"/>.</summary>
    public static RequestLog Start(ILogStore store, RequestLogOptions options, TimeProvider clock, ILogger log) =>
        new(store, options, clock, log);

    /// <inheritdoc/>
    public void Settle(Exchange exchange)
    {
        var policy = PolicyOf(exchange);
        if (!policy.KeepsRow(exchange))
        {
            return;
        }

        if (_isOver)
        {
            Drops.CountRows(LogDropReason.Stopped);
            return;
        }

        if (!_queue.TryReserve())
        {
            Drops.CountRows(LogDropReason.QueueFull);
            return;
        }

        var draft = LogDraft.Of(exchange, policy);
        if (policy.KeepsContent(exchange))
        {
            TakeContent(exchange, policy, draft);
        }

        _queue.Add(draft);
    }

    /// <inheritdoc/>
    public ContentCopy? Open(Exchange exchange)
    {
        var policy = PolicyOf(exchange);
        return policy.KeepsContent(exchange) && _queue.HasRoomForContent ? new ContentCopy(policy.MaxContentBytes) : null;
    }

    /// <summary>Returns when everything that was taken down before is written or lost.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        var upTo = _queue.Added;
        while (_writer.Done < upTo)
        {
            _queue.Wake();
            await Task.Delay(TimeSpan.FromMilliseconds(5), _clock, cancel);
        }
    }

    /// <summary>Writes what waits and ends. When <paramref name="hurry"/> comes first, the rest is lost and counted.</summary>
    public async Task StopAsync(CancellationToken hurry)
    {
        _writer.Stop();
        await using (hurry.UnsafeRegister(static giveUp => ((CancellationTokenSource)giveUp!).Cancel(), _giveUp))
        {
            await _writing;
        }

        // What came while it ended.
        _isOver = true;
        _writer.LoseTheRest();
    }

    /// <summary>Stops without waiting for a store that is down.</summary>
    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await StopAsync(hurry.Token);
        _giveUp.Dispose();
    }

    private void TakeContent(Exchange exchange, LogPolicy policy, LogDraft draft)
    {
        if (!_queue.HasRoomForContent)
        {
            Drops.CountContents(LogDropReason.QueueFull);
            return;
        }

        draft.Request = RequestCopy.Of(exchange, policy.MaxContentBytes);
        draft.Answer = exchange.TakeAnswerCopy();
        var bytes = (draft.Request?.Held ?? 0) + (draft.Answer?.Held ?? 0);
        if (_queue.TryReserveContent(bytes))
        {
            draft.ContentBytes = bytes;
            return;
        }

        draft.DropContent();
        Drops.CountContents(LogDropReason.QueueFull);
    }

    private LogPolicy PolicyOf(Exchange exchange)
    {
        var policy = Volatile.Read(ref _policy);
        var config = exchange.World.Client.Log;
        if (!ReferenceEquals(policy.Config, config))
        {
            policy = new LogPolicy(config);
            Volatile.Write(ref _policy, policy);
        }

        return policy;
    }
}
