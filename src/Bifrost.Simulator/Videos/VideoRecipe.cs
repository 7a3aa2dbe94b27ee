namespace Bifrost.Simulator;

/// <summary>A video to be drawn.</summary>
internal sealed record VideoRecipe : Recipe
{
    /// <summary>Pixels, a multiple of 16.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels, a multiple of 16.</summary>
    public required int Height { get; init; }

    public required double Seconds { get; init; }

    public required uint Seed { get; init; }

    public override byte[] Draw() => [];
}
