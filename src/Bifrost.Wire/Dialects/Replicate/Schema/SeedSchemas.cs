namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Our own copies of a few models' schemas, for when the live one cannot be had.</summary>
public static class SeedSchemas
{
    /// <summary>Null for a model without a copy. The version is not looked at.</summary>
    public static ModelSchema? Of(ModelReference model) => null;
}
