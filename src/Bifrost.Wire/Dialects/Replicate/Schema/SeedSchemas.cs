using System.Collections.Concurrent;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Our own copies of a few models' schemas, embedded, for when the live one cannot be had. Facts of January 2025 and April 2026; the
/// live schema always wins.</summary>
public static class SeedSchemas
{
    private static readonly ConcurrentDictionary<string, ModelSchema?> Read = new(StringComparer.Ordinal);

    /// <summary>Null for a model without a copy. The version is not looked at.</summary>
    public static ModelSchema? Of(ModelReference model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model is { Slug: { } slug, Kind: not ReferenceKind.Deployment } && SeedModels.IsSeed(slug)
            ? Read.GetOrAdd(slug, static slug => Load(slug))
            : null;
    }

    private static ModelSchema? Load(string slug)
    {
        using var document = Resources.Open($"Seeds.{slug.Replace("/", "--", StringComparison.Ordinal)}.json");
        return ModelSchema.Read(document.RootElement).Value;
    }
}
