namespace Bifrost.Wire.Canonical.Models;

/// <summary>A model that can be asked for.</summary>
/// <param name="Id">As the caller writes it: <c>provider/model</c>.</param>
/// <param name="OwnedBy">Owner's name.</param>
/// <param name="CreatedAt">When its newest version was made, or null.</param>
public sealed record ModelEntry(string Id, string OwnedBy, DateTimeOffset? CreatedAt)
{
    /// <summary>What it can be asked to do, in the words of the API (chat, image_generation, …); empty when unknown.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    public string? Description { get; init; }
}

public sealed record ModelPage(IReadOnlyList<ModelEntry> Models)
{
    public string? NextPageToken { get; init; }
}
