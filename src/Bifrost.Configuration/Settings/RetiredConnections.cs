using Bifrost.Core.World;

namespace Bifrost.Configuration.Settings;

/// <summary>Connections of worlds that are no more. Requests that began in one of them go on for a while, so they are closed only when even the most
/// patient of those must have ended.</summary>
internal sealed class RetiredConnections(TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Task> _waiting = [];

    /// <summary>What <paramref name="after"/> does not use of <paramref name="before"/> is closed in time.</summary>
    public void Add(GatewayWorld before, GatewayWorld after)
    {
        var used = after.Providers.Values.Select(p => p.Http).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var provider in before.Providers.Values.Where(p => !used.Contains(p.Http)))
        {
            lock (_lock)
            {
                _waiting.RemoveAll(t => t.IsCompleted);
                _waiting.Add(CloseAsync(provider));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Task[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
        }

        await Task.WhenAll(waiting);
        _end.Dispose();
    }

    private async Task CloseAsync(ProviderModel provider)
    {
        await Task.Delay(provider.Patience + Margin, clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        provider.Http.Dispose();
    }
}
