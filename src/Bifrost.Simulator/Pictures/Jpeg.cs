using System.Buffers.Binary;

namespace Bifrost.Simulator;

/// <summary>Writes baseline JPEG (ITU T.81) with the tables of its annex K and colour at full resolution.</summary>
internal static class Jpeg
{
    private static readonly double[,] Cosines = MakeCosines();

    public static byte[] Encode(Canvas canvas, int quality)
    {
        var luma = JpegTables.Scaled(JpegTables.LumaQuantizers, quality);
        var chroma = JpegTables.Scaled(JpegTables.ChromaQuantizers, quality);
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        Segment(file, 0xE0, [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        Segment(file, 0xDB, [0, .. ZigZag(luma), 1, .. ZigZag(chroma)]);
        var (height, width) = (canvas.Height, canvas.Width);
        Segment(file, 0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
        foreach (var table in JpegTables.All)
        {
            Segment(file, 0xC4, [table.Id, .. table.Counts, .. table.Symbols]);
        }

        Segment(file, 0xDA, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
        Stuff(file, Scan(canvas, luma, chroma));
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static byte[] Scan(Canvas canvas, int[] luma, int[] chroma)
    {
        var bits = new BitWriter();
        Span<int> previous = stackalloc int[3];
        var samples = new double[3][];
        for (var i = 0; i < 3; i++)
        {
            samples[i] = new double[64];
        }

        for (var top = 0; top < canvas.Height; top += 8)
        {
            for (var left = 0; left < canvas.Width; left += 8)
            {
                Load(canvas, left, top, samples);
                for (var component = 0; component < 3; component++)
                {
                    var coefficients = Quantize(samples[component], component == 0 ? luma : chroma);
                    JpegTables.WriteBlock(bits, coefficients, ref previous[component], component == 0);
                }
            }
        }

        bits.Align(1);
        return bits.ToArray();
    }

    private static void Load(Canvas canvas, int left, int top, double[][] samples)
    {
        for (var i = 0; i < 64; i++)
        {
            var pixel = canvas.Get(Math.Min(left + i % 8, canvas.Width - 1), Math.Min(top + i / 8, canvas.Height - 1));
            samples[0][i] = 0.299 * pixel.R + 0.587 * pixel.G + 0.114 * pixel.B - 128;
            samples[1][i] = -0.168736 * pixel.R - 0.331264 * pixel.G + 0.5 * pixel.B;
            samples[2][i] = 0.5 * pixel.R - 0.418688 * pixel.G - 0.081312 * pixel.B;
        }
    }

    private static int[] Quantize(double[] samples, int[] quantizers)
    {
        var rows = new double[64];
        for (var y = 0; y < 8; y++)
        {
            for (var u = 0; u < 8; u++)
            {
                var sum = 0.0;
                for (var x = 0; x < 8; x++)
                {
                    sum += samples[y * 8 + x] * Cosines[u, x];
                }

                rows[y * 8 + u] = sum;
            }
        }

        var quantized = new int[64];
        for (var v = 0; v < 8; v++)
        {
            for (var u = 0; u < 8; u++)
            {
                var sum = 0.0;
                for (var y = 0; y < 8; y++)
                {
                    sum += rows[y * 8 + u] * Cosines[v, y];
                }

                quantized[v * 8 + u] = (int)Math.Round(sum / quantizers[v * 8 + u]);
            }
        }

        return quantized;
    }

    private static double[,] MakeCosines()
    {
        var cosines = new double[8, 8];
        for (var u = 0; u < 8; u++)
        {
            for (var x = 0; x < 8; x++)
            {
                cosines[u, x] = (u == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos((2 * x + 1) * u * Math.PI / 16);
            }
        }

        return cosines;
    }

    private static byte[] ZigZag(int[] table) => [.. JpegTables.Order.Select(at => (byte)table[at])];

    private static void Segment(MemoryStream file, byte marker, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[4];
        head[0] = 0xFF;
        head[1] = marker;
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(data.Length + 2));
        file.Write(head);
        file.Write(data);
    }

    /// <summary>Writes the scan; a byte of ones is followed by a zero so that it is no marker.</summary>
    private static void Stuff(MemoryStream file, byte[] scan)
    {
        foreach (var value in scan)
        {
            file.WriteByte(value);
            if (value == 0xFF)
            {
                file.WriteByte(0);
            }
        }
    }
}
