namespace Bifrost.Simulator;

/// <summary>A picture to be drawn.</summary>
internal sealed record PictureRecipe : Recipe
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required uint Seed { get; init; }

    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Quality of lossy formats, 0 to 100.</summary>
    public int Quality { get; init; } = 80;

    public override byte[] Draw()
    {
        var canvas = Painting.Draw(Width, Height, Seed);
        return Format switch
        {
            "jpeg" => Jpeg.Encode(canvas, Quality),
            "webp" => WebP.Encode(canvas),
            _ => Png.Encode(canvas),
        };
    }
}
