namespace Bifrost.Providers.Replicate;

/// <summary>The one way to the read budget of a key: many pollers pass one after another, and all wait when the provider says so. Thread-safe.</summary>
internal sealed class PollGate(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _open = DateTimeOffset.MinValue;

    public async Task PassAsync(TimeSpan spacing, CancellationToken cancel)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var turn = _open > now ? _open : now;
            _open = turn + spacing;
            wait = turn - now;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancel);
        }
    }

    /// <summary>Nobody passes for this long.</summary>
    public void Close(TimeSpan time)
    {
        lock (_lock)
        {
            var until = clock.GetUtcNow() + time;
            _open = until > _open ? until : _open;
        }
    }
}
