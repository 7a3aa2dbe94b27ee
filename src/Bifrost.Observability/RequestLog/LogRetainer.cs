using System.Threading.Channels;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Observability.RequestLog;

/// <summary>Removes from the log what is older, or more, than it may keep: soon after the start, every few hours, and at once when the limits have changed. One
/// loop, beside everything else.</summary>
public sealed partial class LogRetainer : IAsyncDisposable
{
    /// <summary>A start has better things to do.</summary>
    public static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1);

    /// <summary>Where only age counts. Up to an eighth is added by chance, so that the gateways of a group do not all come at once.</summary>
    public static readonly TimeSpan ByAge = TimeSpan.FromHours(4);

    /// <summary>Where size counts, which grows faster than age; and after a failure.</summary>
    public static readonly TimeSpan BySize = TimeSpan.FromMinutes(10);

    private readonly ILogStore _store;
    private readonly Func<LogConfig> _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Task _running;
    private LogConfig _held;

    private LogRetainer(ILogStore store, Func<LogConfig> limits, TimeProvider clock, ILogger log)
    {
        (_store, _limits, _clock, _log, _held) = (store, limits, clock, log, limits());
        _running = Task.Run(RunAsync);
    }

    /// <summary>Times that it went through the log since the start.</summary>
    public long Rounds { get; private set; }

    /// <summary>Rows removed since the start.</summary>
    public long Removed { get; private set; }

    /// <param name="store">What is kept.</param>
    /// <param name="limits">How much, and how long, as it is set now.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told of what goes wrong.</param>
    public static LogRetainer Start(ILogStore store, Func<LogConfig> limits, TimeProvider clock, ILogger log) =>
        new(store, limits, clock, log);

    /// <summary>Settings have changed: if those were among them that say what is kept, they are followed at once. Never waits; any thread.</summary>
    public void Look()
    {
        if (!SameLimits(_limits(), Volatile.Read(ref _held)))
        {
            _asked.Writer.TryWrite(true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = AfterStart;
        while (await WaitAsync(pause))
        {
            var limits = _limits();
            Volatile.Write(ref _held, limits);
            pause = await TryAsync(limits) && limits.MaxMb is null ? ByAge : BySize;
            pause += pause * (Random.Shared.NextDouble() / 8);
        }
    }

    /// <summary>Until it is time, or somebody asks. False: it is over.</summary>
    private async Task<bool> WaitAsync(TimeSpan pause)
    {
        using var due = new CancellationTokenSource(pause, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _stop.Token);
        try
        {
            return await _asked.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return !_stop.IsCancellationRequested;
        }
    }

    private async Task<bool> TryAsync(LogConfig limits)
    {
        try
        {
            var removed = await _store.RetainAsync(Of(limits, _clock.GetUtcNow()), _stop.Token);
            Removed += removed;
            if (removed > 0)
            {
                Forgot(removed);
            }

            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return true;
        }
#pragma warning disable CA1031 // Whatever a store throws, the next round is tried.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
            return false;
        }
        finally
        {
            Rounds++;
        }
    }

    /// <summary>What goes at a moment.</summary>
    public static LogRetention Of(LogConfig limits, DateTimeOffset now)
    {
        var rows = Before(now, limits.RetentionDays);
        var contents = limits.ContentRetentionDays is { } days ? Math.Max(rows, Before(now, days)) : rows;
        return new LogRetention(rows, contents, limits.MaxMb is { } most ? (long)most << 20 : null);
    }

    private static long Before(DateTimeOffset now, int days) =>
        (now.AddDays(-days) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static bool SameLimits(LogConfig one, LogConfig other) =>
        (one.RetentionDays, one.ContentRetentionDays, one.MaxMb) == (other.RetentionDays, other.ContentRetentionDays, other.MaxMb);

    [LoggerMessage(1, LogLevel.Information, "{Rows} rows of the request log were past their time, or beyond its size, and are gone")]
    private partial void Forgot(long rows);

    [LoggerMessage(2, LogLevel.Error, "The request log could not be cut down to what it may keep; it is tried again")]
    private partial void Failed(Exception failure);
}
