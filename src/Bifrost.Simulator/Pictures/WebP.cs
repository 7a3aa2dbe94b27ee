using System.Buffers.Binary;

namespace Bifrost.Simulator;

/// <summary>
/// Writes lossless WebP (RFC 9649, section 3): green subtracted, one gradient predictor for the whole picture, runs of equal pixels, one group
/// of Huffman codes.
/// </summary>
internal static class WebP
{
    private const uint GradientPredictor = 12;
    private const int GreenSymbols = 256 + 24;
    private const int LongestRun = 4096;
    private const int ShortestRun = 4;
    private const int BlockBits = 9;

    public static byte[] Encode(Canvas canvas)
    {
        var bits = new LowBitWriter();
        bits.Bits(0x2F, 8);
        bits.Bits((uint)canvas.Width - 1, 14);
        bits.Bits((uint)canvas.Height - 1, 14);
        bits.Bits(0, 1 + 3);
        bits.Bits(1, 1);
        bits.Bits(2, 2);
        bits.Bits(1, 1);
        bits.Bits(0, 2);
        bits.Bits(BlockBits - 2, 3);
        PredictorImage(bits);
        bits.Bits(0, 1);
        bits.Bits(0, 1);
        bits.Bits(0, 1);
        Pixels(bits, Residuals(canvas));
        return Wrap(bits.ToArray());
    }

    /// <summary>The image that names the predictor of every block: all the same, so its pixels take no bits at all.</summary>
    private static void PredictorImage(LowBitWriter bits)
    {
        bits.Bits(0, 1);
        Single(bits, GradientPredictor);
        Single(bits, 0);
        Single(bits, 0);
        Single(bits, 255);
        Single(bits, 0);
    }

    private static byte[] Residuals(Canvas canvas)
    {
        var shifted = new byte[canvas.Rgb.Length];
        for (var i = 0; i < shifted.Length; i += 3)
        {
            var green = canvas.Rgb[i + 1];
            shifted[i] = (byte)(canvas.Rgb[i] - green);
            shifted[i + 1] = green;
            shifted[i + 2] = (byte)(canvas.Rgb[i + 2] - green);
        }

        var residuals = new byte[shifted.Length];
        var stride = canvas.Width * 3;
        for (var i = 0; i < shifted.Length; i++)
        {
            var (inRow, row) = (i % stride, i / stride);
            var left = inRow >= 3 ? shifted[i - 3] : 0;
            var above = row > 0 ? shifted[i - stride] : 0;
            var predicted =
                row == 0 ? left
                : inRow < 3 ? above
                : Math.Clamp(left + above - shifted[i - stride - 3], 0, 255);
            residuals[i] = (byte)(shifted[i] - predicted);
        }

        return residuals;
    }

    private static void Pixels(LowBitWriter bits, byte[] rgb)
    {
        var green = new int[GreenSymbols];
        var red = new int[256];
        var blue = new int[256];
        Walk(
            rgb,
            at =>
            {
                red[rgb[at]]++;
                green[rgb[at + 1]]++;
                blue[rgb[at + 2]]++;
            },
            run => green[256 + RunSymbol(run).Symbol]++
        );
        var (greenCode, redCode, blueCode) = (HuffmanCode.From(green), HuffmanCode.From(red), HuffmanCode.From(blue));
        Write(bits, greenCode);
        Write(bits, redCode);
        Write(bits, blueCode);
        Single(bits, 0);
        Single(bits, 1);
        Walk(
            rgb,
            at =>
            {
                Put(bits, greenCode, rgb[at + 1]);
                Put(bits, redCode, rgb[at]);
                Put(bits, blueCode, rgb[at + 2]);
            },
            run =>
            {
                var (symbol, extra, length) = RunSymbol(run);
                Put(bits, greenCode, 256 + symbol);
                bits.Bits(extra, length);
            }
        );
    }

    /// <summary>Visits the picture as single pixels and runs that repeat the pixel before.</summary>
    private static void Walk(byte[] rgb, Action<int> pixel, Action<int> repeat)
    {
        var at = 0;
        while (at < rgb.Length)
        {
            var run = 0;
            while (at > 0 && run < LongestRun && at + run * 3 < rgb.Length && Same(rgb, at + run * 3, at - 3))
            {
                run++;
            }

            if (run >= ShortestRun)
            {
                repeat(run);
                at += run * 3;
            }
            else
            {
                pixel(at);
                at += 3;
            }
        }
    }

    private static bool Same(byte[] rgb, int a, int b) => rgb[a] == rgb[b] && rgb[a + 1] == rgb[b + 1] && rgb[a + 2] == rgb[b + 2];

    private static (int Symbol, uint Extra, int Length) RunSymbol(int run)
    {
        if (run <= 4)
        {
            return (run - 1, 0, 0);
        }

        var value = (uint)run - 1;
        var high = System.Numerics.BitOperations.Log2(value);
        var second = (value >> (high - 1)) & 1;
        return (2 * high + (int)second, value - ((2 + second) << (high - 1)), high - 1);
    }

    private static void Put(LowBitWriter bits, HuffmanCode code, int symbol) => bits.Bits(code.Codes[symbol], code.Lengths[symbol]);

    /// <summary>A code of one symbol, which then takes no bits.</summary>
    private static void Single(LowBitWriter bits, uint symbol)
    {
        bits.Bits(1, 1);
        bits.Bits(0, 1);
        bits.Bits(1, 1);
        bits.Bits(symbol, 8);
    }

    private static void Write(LowBitWriter bits, HuffmanCode code)
    {
        if (code.Only is { } only)
        {
            Single(bits, (uint)only);
            return;
        }

        // The lengths are written in a fixed four-bit code: each of 0 to 15 has length four, the repeat codes are not used.
        bits.Bits(0, 1);
        bits.Bits(15, 4);
        foreach (var symbol in (ReadOnlySpan<int>)[17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
        {
            bits.Bits(symbol > 15 ? 0u : 4u, 3);
        }

        bits.Bits(0, 1);
        foreach (var length in code.Lengths)
        {
            bits.Bits(Reverse4((uint)length), 4);
        }
    }

    private static uint Reverse4(uint value) => ((value & 1) << 3) | ((value & 2) << 1) | ((value & 4) >> 1) | ((value & 8) >> 3);

    private static byte[] Wrap(byte[] data)
    {
        var padded = data.Length + (data.Length & 1);
        var file = new byte[20 + padded];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 12 + padded);
        "WEBPVP8L"u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), data.Length);
        data.CopyTo(file, 20);
        return file;
    }
}
