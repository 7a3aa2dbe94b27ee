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

    /// <summary>Texts that are known by number and held in memory, before the names of further models are not. Default 250,000.</summary>
    public int MostWords { get; init; } = 250_000;

    /// <summary>Combinations of dimensions that are told apart in sums, and held in memory, before models are not told apart in further ones. Default
    /// 500,000.</summary>
    public int MostCombinations { get; init; } = 500_000;
}
