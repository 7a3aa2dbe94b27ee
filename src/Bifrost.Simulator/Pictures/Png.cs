using System.Buffers.Binary;
using System.IO.Compression;

namespace Bifrost.Simulator;

/// <summary>Writes PNG: 8-bit RGB, each row filtered against the one above (RFC 2083).</summary>
internal static class Png
{
    private const byte FilterUp = 2;

    public static byte[] Encode(Canvas canvas)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], canvas.Height);
        header[8] = 8;
        header[9] = 2;
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Pixels(canvas));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Pixels(Canvas canvas)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stride = canvas.Width * 3;
            var row = new byte[stride + 1];
            row[0] = FilterUp;
            for (var y = 0; y < canvas.Height; y++)
            {
                for (var i = 0; i < stride; i++)
                {
                    var above = y == 0 ? 0 : canvas.Rgb[(y - 1) * stride + i];
                    row[i + 1] = (byte)(canvas.Rgb[y * stride + i] - above);
                }

                deflate.Write(row);
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, data));
        file.Write(number);
    }
}
