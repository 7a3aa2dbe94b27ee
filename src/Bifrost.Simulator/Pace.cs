namespace Bifrost.Simulator;

/// <summary>The simulator's sense of time: lifelike waits are scaled, scripted ones are kept.</summary>
internal sealed class Pace(TimeProvider clock, double speed)
{
    public TimeProvider Clock => clock;

    public bool Instant => speed <= 0;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Waits as long as the real thing would take, times the speed.</summary>
    public Task LifelikeAsync(TimeSpan time, CancellationToken ct) =>
        Instant || time <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(time * speed, clock, ct);

    /// <summary>Waits exactly this long.</summary>
    public Task ExactlyAsync(TimeSpan time, CancellationToken ct) =>
        time <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(time, clock, ct);

    /// <summary>A limit scaled like the waits it guards, or unscaled when there are no waits.</summary>
    public TimeSpan Limit(TimeSpan lifelike) => Instant ? lifelike : lifelike * speed;
}
