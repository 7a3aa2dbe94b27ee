using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What the gateway can do about a fault at once, beyond what <see cref="FaultTable"/> allows in general.</summary>
public enum Remedy
{
    None,

    /// <summary>The model may be a community model: resolve its newest version and create by version, once.</summary>
    Reroute,

    /// <summary>The cached schema may be stale: fetch it again and map again, once.</summary>
    RefreshSchema,

    /// <summary>One more attempt at the same target is worth it.</summary>
    RetryOnce,

    /// <summary>The key is short of credit: six creates a minute and one at a time until it is topped up.</summary>
    SlowKey,
}

/// <param name="Fault">For the caller.</param>
/// <param name="Remedy">For the gateway.</param>
public sealed record ReplicateFault(Fault Fault, Remedy Remedy = Remedy.None);

/// <summary>Which call failed: some statuses mean different things, and a create must not be repeated lightly.</summary>
public enum ReplicateCall
{
    Create,
    Get,
    Cancel,
    Upload,
    Describe,
}

/// <summary>What an answer's headers say about waiting.</summary>
/// <param name="RetryAfter">From <c>Retry-After</c>.</param>
/// <param name="Reset">From <c>ratelimit-reset</c>.</param>
public readonly record struct RetryHints(TimeSpan? RetryAfter, TimeSpan? Reset)
{
    public static readonly RetryHints None;
}
