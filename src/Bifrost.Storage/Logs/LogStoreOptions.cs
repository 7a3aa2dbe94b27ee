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

    /// <summary>Models that are told apart, before further ones are not: their names are the callers' choice. Default 5,000.</summary>
    public int MostModels { get; init; } = 5_000;

    /// <summary>Combinations of dimensions that are told apart in sums, and held in memory, before models are not told apart in further ones. Default
    /// 500,000.</summary>
    public int MostCombinations { get; init; } = 500_000;
}
