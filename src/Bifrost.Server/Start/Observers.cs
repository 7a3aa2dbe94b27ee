using Bifrost.Admin.Logs;
using Bifrost.Configuration;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.Metrics;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Observability.Traces;
using Bifrost.Server.Flags;
using Bifrost.Storage;
using Bifrost.Storage.Logs;

namespace Bifrost.Server.Start;

/// <summary>Everybody who is told of exchanges and decides nothing: the request log, the metrics and the traces.</summary>
internal sealed class Observers : IAsyncDisposable
{
    private readonly LogStore? _kept;
    private readonly ILogStore _store;
    private readonly RequestLog _log;
    private readonly MetricsSettler _metrics;
    private readonly Gauges _gauges = new();
    private readonly GovernanceNames _names;
    private readonly LiveExchanges _live;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Tracer? _tracer;
    private LogRecovery? _recovery;
    private LogRetainer? _retainer;

    private Observers(
        LogStore? kept,
        ILogStore store,
        RequestLogOptions queue,
        TraceOptions? traces,
        TimeProvider clock,
        ILoggerFactory logs
    )
    {
        _kept = kept;
        _store = store;
        _clock = clock;
        _logger = logs.CreateLogger("Bifrost.RequestLog");
        _log = RequestLog.Start(store, queue, clock, _logger);
        _live = new LiveExchanges(clock);
        _names = new GovernanceNames();
        _metrics = new MetricsSettler(new MetricsOptions { TeamName = _names.Team, CustomerName = _names.Customer });
        Metrics = new MetricsEndpoint(new MetricsPage(_metrics, _gauges));
        _tracer = traces is null
            ? null
            : new Tracer(
                traces with
                {
                    ServiceVersion = CommandFlags.Version,
                },
                _names.Team,
                _names.Customer,
                logs.CreateLogger("Bifrost.Traces")
            );
        Logs = new LogParts(store, _log.Live, _log.Drops);
    }

    public LogParts Logs { get; }

    public MetricsEndpoint Metrics { get; }

    /// <summary>What the collector of traces did not get; null when nothing is traced.</summary>
    public SpanLosses? SpanLosses => _tracer?.Losses;

    public IGreeter[] Greeters => _tracer is null ? [_metrics, _live] : [_metrics, _tracer, _live];

    // The log comes after all that look at what was copied of the answer: it takes it. Last comes who says that an exchange is over.
    public ISettler[] Settlers => _tracer is null ? [_metrics, _log, _live] : [_metrics, _tracer, _log, _live];

    public IAnswerCopies Copies => _log;

    public static async Task<Observers> OpenAsync(
        ConfigReading file,
        Place place,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        var named = file.LogStore ?? file.Store with { Path = Path.Combine(Path.GetDirectoryName(file.Store.Path) ?? "", "logs.db") };
        if (place.InMemory || named.Kind == StoreKind.None)
        {
            return new Observers(null, new InMemoryLogStore(), place.LogQueue, file.Traces, clock, logs);
        }

        place.MakeAppDir();
        var kept = await LogStore.OpenAsync(KeptStores.Named(named, place.AppDir), new LogStoreOptions(), clock, cancel);
        return new Observers(kept, kept, place.LogQueue, file.Traces, clock, logs);
    }

    /// <summary>Closes what a start that failed has opened, or was opening.</summary>
    public static async Task DropAsync(Task<Observers> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception failed)
            when (failed
                    is IOException
                        or InvalidOperationException
                        or OperationCanceledException
                        or LogStoreUnavailableException
                        or StoreOpenException
            )
        {
            // Why the start failed is being told already.
        }
    }

    /// <summary>Sends spans that wait; false when the collector does not take them in time.</summary>
    public bool FlushTraces(TimeSpan patience) => _tracer?.Flush(patience) ?? true;

    public Task PingAsync(CancellationToken cancel) => _store.PingAsync(cancel);

    /// <summary>Lets the request log be made whole from the ledger, from now on.</summary>
    public async Task RecoverAsync(IPaidCalls calls, Func<LogConfig> config, CancellationToken cancel) =>
        _recovery = await LogRecovery.StartAsync(_log, _live, _store, calls, config, _clock, _logger, cancel);

    /// <summary>Lets the metrics show what the rest of the gateway knows, and the log keep what the settings say.</summary>
    public void Watch(ControlPlane plane)
    {
        _retainer = LogRetainer.Start(_store, () => plane.Settings.Client.Log, _clock, _logger);
        plane.Settings.Changed += _retainer.Look;
        _names.Registry = plane.Registry;
        _gauges.Add("bifrost_log_queue_rows", "Log rows that wait to be written.", () => _log.QueuedRows);
        _gauges.Add("bifrost_log_queue_content_bytes", "Bytes of log content that wait to be written.", () => _log.QueuedContentBytes);
        _gauges.AddCounter("bifrost_log_dropped_rows_total", "Log rows that were dropped.", () => _log.Drops.Rows);
        _gauges.AddCounter(
            "bifrost_log_dropped_contents_total",
            "Log contents that were dropped; their rows are there.",
            () => _log.Drops.Contents
        );
        _gauges.AddCounter(
            "bifrost_log_recovered_rows_total",
            "Log rows that were made again from the ledger.",
            () => _log.Drops.Recovered
        );
        if (_tracer is { } tracer)
        {
            _gauges.Add("bifrost_trace_queue_spans", "Spans that wait for the collector or are on their way to it.", () => tracer.Waiting);
            _gauges.AddCounter("bifrost_trace_spans_total", "Spans that the collector took.", () => tracer.Losses.Exported);
            _gauges.AddManyCounters(
                "bifrost_trace_lost_spans_total",
                "Spans that the collector did not get.",
                () =>
                    [
                        new GaugeSample(LabelText.Of(("reason", "queue_full")), tracer.Losses.QueueFull),
                        new GaugeSample(LabelText.Of(("reason", "not_taken")), tracer.Losses.Failed),
                    ]
            );
            _gauges.AddCounter(
                "bifrost_trace_lost_contents_total",
                "Contents that were left out of spans for want of room.",
                () => tracer.Losses.Contents
            );
        }

        _gauges.Add(
            "bifrost_ledger_behind_calls",
            "Calls in the journal that the database has not got yet.",
            () => plane.LedgerState.BehindCalls
        );
        _gauges.Add(
            "bifrost_ledger_behind_bytes",
            "Bytes in the journal that the database has not got yet.",
            () => plane.LedgerState.BehindBytes
        );
        _gauges.Add("bifrost_ledger_disk_bytes", "Size of the journal.", () => plane.LedgerState.DiskBytes);
        _gauges.Add("bifrost_reservations_open", "Calls that hold money or rate now.", () => plane.LedgerState.OpenHolds);
        _gauges.Add("bifrost_virtual_keys", "Virtual keys there are.", () => plane.Registry.Now.VirtualKeys.Count);
        _gauges.AddCounter("bifrost_governance_changes_total", "Changes of governance since the start.", () => plane.Registry.Version);
    }

    public async ValueTask DisposeAsync()
    {
        _tracer?.Dispose();
        if (_recovery is not null)
        {
            await _recovery.StopAsync();
        }

        await _log.DisposeAsync();
        if (_recovery is not null)
        {
            await _recovery.CloseAsync();
            await _recovery.DisposeAsync();
        }

        if (_retainer is not null)
        {
            await _retainer.DisposeAsync();
        }

        if (_kept is not null)
        {
            await _kept.DisposeAsync();
        }
    }
}
