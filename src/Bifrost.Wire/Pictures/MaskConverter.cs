using System.Buffers;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Pictures;

/// <summary>Which pixels of a black and white mask are to be repainted.</summary>
public enum MaskPolarity
{
    WhiteRepaints,
    BlackRepaints,
}

/// <summary>Turns the masks OpenAI callers send into the black and white ones other models want.</summary>
/// <remarks>OpenAI: the transparent pixels of the mask are repainted
/// (https://platform.openai.com/docs/api-reference/images/createEdit). Half transparent pixels become gray in proportion.
/// A mask without one transparent pixel, with or without an alpha channel, is taken to be black and white already with white meaning
/// repaint: taken at OpenAI's word it would repaint nothing, which nobody asks for.</remarks>
public static class MaskConverter
{
    /// <returns>An 8-bit grayscale PNG of the same size, or what is wrong with the mask.</returns>
    public static Outcome<ReadOnlyMemory<byte>> Convert(ReadOnlyMemory<byte> mask, MaskPolarity wanted)
    {
        var byAlpha = true;
        if (HasTransparentPixel(mask).Failed(out var bad, out byAlpha))
        {
            return bad;
        }

        if (PngReader.Open(mask).Failed(out bad, out var reader))
        {
            return bad;
        }

        using (reader)
        {
            return Repaint(reader, byAlpha, wanted);
        }
    }

    private static Outcome<bool> HasTransparentPixel(ReadOnlyMemory<byte> mask)
    {
        if (PngReader.Open(mask).Failed(out var bad, out var reader))
        {
            return bad;
        }

        using (reader)
        {
            var (gray, alpha) = (new byte[reader.Width], new byte[reader.Width]);
            for (var y = 0; reader.HasAlpha && y < reader.Height; y++)
            {
                if (reader.ReadRow(gray, alpha) is { } broken)
                {
                    return broken;
                }

                if (alpha.AsSpan().ContainsAnyExcept((byte)255))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static Outcome<ReadOnlyMemory<byte>> Repaint(PngReader reader, bool byAlpha, MaskPolarity wanted)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new PngWriter(output, reader.Width, reader.Height);
        var (gray, alpha) = (new byte[reader.Width], new byte[reader.Width]);

        // Alpha says "keep", gray says "repaint": one of them has to be turned around.
        var source = byAlpha ? alpha : gray;
        var turn = byAlpha == (wanted == MaskPolarity.WhiteRepaints);
        for (var y = 0; y < reader.Height; y++)
        {
            if (reader.ReadRow(gray, alpha) is { } broken)
            {
                return broken;
            }

            for (var x = 0; turn && x < source.Length; x++)
            {
                source[x] = (byte)(255 - source[x]);
            }

            writer.WriteRow(source);
        }

        writer.Finish();
        return output.WrittenMemory;
    }
}
