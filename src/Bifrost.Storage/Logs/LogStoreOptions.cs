namespace Bifrost.Storage.Logs;

/// <summary>How long sums are kept. Rows have limits of their own, given with each retention.</summary>
public sealed record LogStoreOptions
{
    /// <summary>Default 2 days.</summary>
    public TimeSpan KeepMinutes { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Default 90 days.</summary>
    public TimeSpan KeepHours { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Null (the default): for ever.</summary>
    public TimeSpan? KeepDays { get; init; }
}
