namespace Bifrost.Web.Models;

/// <summary>A model at a provider, as <c>/api/models/details</c> shows it.</summary>
public sealed record ModelEntry(
    string Name,
    string Provider,
    long? ContextLength,
    IReadOnlyDictionary<string, decimal>? Pricing,
    string? PriceSource,
    string? PriceDate
)
{
    /// <summary>As a call names it.</summary>
    public string Address => $"{Provider}/{Name}";
}

/// <summary>What was found.</summary>
public sealed record ModelList(IReadOnlyList<ModelEntry> Models, int Total);
