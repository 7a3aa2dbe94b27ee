using Bifrost.Wire.Canonical.Models;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Models that are listed without asking anybody.</summary>
public static class SeedModels
{
    /// <summary>Ids begin with <c>replicate/</c>.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } = [];
}
