using Bifrost.Observability.Live;

namespace Bifrost.Admin.Logs.Live;

/// <summary>Where somebody who watches is told of rows. One thread.</summary>
internal interface ILiveLine
{
    /// <summary>Begins, before there is any row.</summary>
    Task OpenAsync(CancellationToken cancel);

    Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel);

    /// <summary>What was sent goes out.</summary>
    Task FlushAsync(CancellationToken cancel);

    /// <summary>A sign of life while there is nothing to tell.</summary>
    Task BeatAsync(CancellationToken cancel);

    Task CloseAsync(LiveEnd end);
}

/// <summary>Why the gateway ended it.</summary>
internal enum LiveEnd
{
    Stopping,
    SignedOut,

    /// <summary>Nothing of what was sent was read for too long.</summary>
    TooSlow,
}

/// <summary>Tells somebody of rows as they come, until they leave, their session ends, or the gateway stops.</summary>
internal sealed class LiveWatch(LiveWatcher watcher, ILiveLine line, Func<bool> mayStay, TimeProvider clock)
{
    /// <summary>The longest silence, and as often it is asked whether the session still is open.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);

    /// <summary>How long a reader may take for what was sent. Meanwhile rows are missed and counted.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int AtOnce = 64;

    /// <param name="left">The one who watches has gone.</param>
    /// <param name="closing">The gateway stops.</param>
    public async Task RunAsync(CancellationToken left, CancellationToken closing)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(left, closing);
        try
        {
            await line.CloseAsync(await TellAsync(either.Token));
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // Nobody is there any more.
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            await line.CloseAsync(LiveEnd.Stopping);
        }
    }

    private async Task<LiveEnd> TellAsync(CancellationToken end)
    {
        using var slow = new CancellationTokenSource(Patience, clock);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(end, slow.Token);
        await line.OpenAsync(opening.Token);
        var seen = clock.GetTimestamp();
        while (true)
        {
            var batch = await ReadAsync(end);
            if (clock.GetElapsedTime(seen) >= Beat || batch is null)
            {
                if (!mayStay())
                {
                    return LiveEnd.SignedOut;
                }

                seen = clock.GetTimestamp();
            }

            if (!await WriteAsync(batch, end))
            {
                return LiveEnd.TooSlow;
            }
        }
    }

    /// <summary>Null: nothing came for the length of a beat.</summary>
    private async Task<LiveBatch?> ReadAsync(CancellationToken end)
    {
        using var beat = new CancellationTokenSource(Beat, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, beat.Token);
        try
        {
            return await watcher.ReadAsync(AtOnce, either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>False: the reader did not take it in time.</summary>
    private async Task<bool> WriteAsync(LiveBatch? batch, CancellationToken end)
    {
        using var slow = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, slow.Token);
        try
        {
            if (batch is null)
            {
                await line.BeatAsync(either.Token);
                return true;
            }

            foreach (var row in batch.Rows)
            {
                await line.SendAsync(LiveMessage.Of(row), either.Token);
            }

            if (batch.Missed > 0)
            {
                await line.SendAsync(LiveMessage.Missed(batch.Missed), either.Token);
            }

            await line.FlushAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested && !end.IsCancellationRequested)
        {
            return false;
        }
    }
}
