namespace Bifrost.Wire.Dialects.Replicate;

public sealed record Overrides
{
    public static readonly Overrides BuiltIn = new();
}
