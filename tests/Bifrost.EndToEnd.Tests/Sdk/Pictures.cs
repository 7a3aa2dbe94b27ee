using System.Buffers.Binary;
using System.IO.Compression;

namespace Bifrost.EndToEnd.Tests.Sdk;

/// <summary>Small pictures to send, and what came back measured.</summary>
internal static class Pictures
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A PNG of red, green, blue and alpha for each pixel; one pixel fills the whole.</summary>
    public static byte[] Png(int width, int height, params byte[] pixels)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                {
                    zlib.Write(pixels, pixels.Length == 4 ? 0 : 4 * ((y * width) + x), 4);
                }
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 6);
        return [.. Signature, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>The lightness of each pixel of a greyscale, RGB or RGBA PNG with 8 bits a sample, in a data URL.</summary>
    public static byte[] LightnessOf(string dataUrl)
    {
        Assert.StartsWith("data:image/png;base64,", dataUrl, StringComparison.Ordinal);
        var png = Convert.FromBase64String(dataUrl["data:image/png;base64,".Length..]);
        Assert.Equal(Signature, png[..8]);
        var (width, height, depth, color) = (Number(png, 16), Number(png, 20), png[24], png[25]);
        Assert.Equal(8, depth);
        var step = color switch
        {
            0 => 1,
            2 => 3,
            6 => 4,
            _ => throw new InvalidOperationException($"A mask of colour type {color}."),
        };
        using var data = new MemoryStream();
        for (var at = 8; at < png.Length; at += 12 + Number(png, at))
        {
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(png, at + 8, Number(png, at));
            }
        }

        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        var lightness = new byte[width * height];
        var row = new byte[1 + (width * step)];
        for (var y = 0; y < height; y++)
        {
            zlib.ReadExactly(row);
            Assert.Equal(0, row[0]);
            for (var x = 0; x < width; x++)
            {
                lightness[(y * width) + x] = row[1 + (x * step)];
            }
        }

        return lightness;
    }

    /// <summary>What the first bytes say a picture is.</summary>
    public static string KindOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Signature) ? "png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "jpeg"
        : bytes.Length > 12 && bytes[..4].SequenceEqual("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8) ? "webp"
        : "unknown";

    /// <summary>Width and height of a PNG.</summary>
    public static (int Width, int Height) SizeOf(byte[] png) => (Number(png, 16), Number(png, 20));

    private static int Number(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
