namespace Bifrost.Providers.Tests.Replicate;

/// <summary>The system's clock, some time ahead. Timers run as usual.</summary>
internal sealed class OffsetClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
