using Bifrost.Web.Parts;

namespace Bifrost.Web.Governance;

/// <summary>A rate limit and how it stands.</summary>
public sealed record RateLimit
{
    public string Id { get; init; } = "";
    public long? TokenMaxLimit { get; init; }
    public string? TokenResetDuration { get; init; }
    public long TokenCurrentUsage { get; init; }
    public DateTimeOffset? TokenNextReset { get; init; }
    public long? RequestMaxLimit { get; init; }
    public string? RequestResetDuration { get; init; }
    public long RequestCurrentUsage { get; init; }
    public DateTimeOffset? RequestNextReset { get; init; }
    public long? ConcurrentMaxLimit { get; init; }
    public long ConcurrentCurrentUsage { get; init; }

    /// <summary>Only in the list of all.</summary>
    public string? OwnerType { get; init; }

    public string? OwnerId { get; init; }

    /// <summary>Empty outside of the list of all.</summary>
    public string OwnerName { get; init; } = "";

    /// <summary>What is limited, one by one.</summary>
    public IEnumerable<RateLine> Lines
    {
        get
        {
            if (RequestMaxLimit is { } requests)
            {
                yield return new RateLine("Requests", requests, RequestCurrentUsage, RequestResetDuration, RequestNextReset);
            }

            if (TokenMaxLimit is { } tokens)
            {
                yield return new RateLine("Tokens", tokens, TokenCurrentUsage, TokenResetDuration, TokenNextReset);
            }

            if (ConcurrentMaxLimit is { } calls)
            {
                yield return new RateLine("Calls at once", calls, ConcurrentCurrentUsage, null, null);
            }
        }
    }
}

/// <summary>One thing that a rate limit limits.</summary>
public sealed record RateLine(string What, long Limit, long Used, string? Duration, DateTimeOffset? NextReset)
{
    public double Share => Limit == 0 ? 1 : (double)Used / Limit;

    public string Text => $"{Show.Count(Used, brief: true)} of {Show.Count(Limit, brief: true)}{(Duration is null ? "" : $" {Per}")}";

    private string Per => Show.Period(Duration) is var words && words.StartsWith('a') ? words : $"per {Duration}";
}
