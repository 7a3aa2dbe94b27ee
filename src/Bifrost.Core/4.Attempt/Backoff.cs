using Bifrost.Core.World;

namespace Bifrost.Core.Attempt;

/// <summary>How long to wait before another attempt.</summary>
internal static class Backoff
{
    /// <summary>A provider that asks for more patience than this is left alone.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>What the provider asked for, or doubling waits with ±20 % of chance, so that callers refused together do not come back together.</summary>
    public static TimeSpan Before(int retry, TimeSpan? asked, NetworkConfig network)
    {
        if (asked is { } wait)
        {
            return wait;
        }

        var milliseconds = Math.Min(network.RetryBackoffInitialMs * Math.Pow(2, retry), network.RetryBackoffMaxMs);
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds * (0.8 + (0.4 * Random.Shared.NextDouble())), network.RetryBackoffMaxMs));
    }
}
