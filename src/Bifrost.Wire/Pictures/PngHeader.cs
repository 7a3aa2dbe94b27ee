using System.Buffers.Binary;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Pictures;

/// <summary>What a PNG says about itself before its pixels come.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, PngColor Color)
{
    /// <summary>Longest side that is read; it bounds the memory for one row.</summary>
    public const int MaxSide = 16_384;

    /// <summary>Most pixels that are read; it bounds the time.</summary>
    public const int MaxPixels = 64_000_000;

    public int Channels =>
        Color switch
        {
            PngColor.Rgb => 3,
            PngColor.GrayAlpha => 2,
            PngColor.Rgba => 4,
            _ => 1,
        };

    public int RowBytes => ((Width * Channels * Depth) + 7) / 8;

    /// <summary>Distance to the same byte of the pixel before, as the filters count it.</summary>
    public int Step => Math.Max(1, Channels * Depth / 8);

    public static Outcome<PngHeader> Read(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
        {
            return PngReader.Bad("its header is damaged");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(data);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0)
        {
            return PngReader.Bad("it has no pixels");
        }

        if (width > MaxSide || height > MaxSide || (long)width * height > MaxPixels)
        {
            return PngReader.Bad($"it has {width}x{height} pixels; at most {MaxSide} a side and 64 megapixels are read");
        }

        if (!IsAllowed(data[8], data[9]) || data[10] != 0 || data[11] != 0)
        {
            return PngReader.Bad($"no PNG has color type {data[9]} with {data[8]} bits");
        }

        if (data[12] != 0)
        {
            return PngReader.Bad("it is interlaced; save it without interlacing");
        }

        return new PngHeader((int)width, (int)height, data[8], (PngColor)data[9]);
    }

    private static bool IsAllowed(int depth, int color) =>
        (PngColor)color switch
        {
            PngColor.Gray => depth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => depth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GrayAlpha or PngColor.Rgba => depth is 8 or 16,
            _ => false,
        };
}

/// <summary>Color types by their numbers in the file.</summary>
internal enum PngColor
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}
