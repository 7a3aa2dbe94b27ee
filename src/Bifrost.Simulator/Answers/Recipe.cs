namespace Bifrost.Simulator;

/// <summary>How to draw a file. Drawing takes time and happens when the file is fetched.</summary>
internal abstract record Recipe
{
    /// <summary>Name in the URL, for example <c>out-0.webp</c>.</summary>
    public required string FileName { get; init; }

    public required string ContentType { get; init; }

    public abstract byte[] Draw();
}

/// <summary>A file whose bytes are known.</summary>
internal sealed record ReadyRecipe(byte[] Bytes) : Recipe
{
    public override byte[] Draw() => Bytes;
}
