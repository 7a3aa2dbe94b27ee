using System.Buffers.Binary;
using System.IO.Compression;

namespace Bifrost.Wire.Tests.Pictures;

/// <summary>Builds PNG files of any kind from rows as they are stored, filter byte first.</summary>
internal static class Pngs
{
    public static byte[] Of(
        int width,
        int height,
        int depth,
        int color,
        byte[] rows,
        byte[]? palette = null,
        byte[]? transparency = null,
        int interlace = 0,
        int dataChunks = 1
    )
    {
        var png = new List<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, (byte)interlace);
        Chunk(png, "IHDR"u8, header);
        if (palette is not null)
        {
            Chunk(png, "PLTE"u8, palette);
        }

        if (transparency is not null)
        {
            Chunk(png, "tRNS"u8, transparency);
        }

        Chunk(png, "tEXt"u8, "Comment\0by hand"u8);
        var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(rows);
        }

        var data = packed.ToArray();
        for (var i = 0; i < dataChunks; i++)
        {
            Chunk(png, "IDAT"u8, data.AsSpan((data.Length * i / dataChunks)..(data.Length * (i + 1) / dataChunks)));
        }

        Chunk(png, "IEND"u8, []);
        return [.. png];
    }

    // The reader does not look at checksums, so they are zeros.
    private static void Chunk(List<byte> png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        png.AddRange(length);
        png.AddRange(type);
        png.AddRange(data);
        png.AddRange(new byte[4]);
    }
}
