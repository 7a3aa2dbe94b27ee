namespace Bifrost.Observability.Metrics;

/// <summary>How much is told apart.</summary>
public sealed record MetricsOptions
{
    /// <summary>Series that one metric may have; what comes after is counted in a series of its own, whose labels all say <c>other</c>. Default 10,000.</summary>
    public int MaxSeries { get; init; } = 10_000;

    /// <summary>Values that a label may take whose value callers choose (a model, a label from a header). Default 1,000.</summary>
    public int MaxCallerValues { get; init; } = 1_000;

    /// <summary>The name of a team, for its id. Default: names are not known.</summary>
    public Func<string, string?> TeamName { get; init; } = static _ => null;

    /// <summary>The name of a customer, for its id. Default: names are not known.</summary>
    public Func<string, string?> CustomerName { get; init; } = static _ => null;
}
