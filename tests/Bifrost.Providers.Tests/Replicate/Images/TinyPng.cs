using System.Buffers.Binary;
using System.IO.Compression;

namespace Bifrost.Providers.Tests.Replicate.Images;

/// <summary>Pictures one pixel high, written and read without the code under test.</summary>
internal static class TinyPng
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] GrayAlpha(IReadOnlyList<(byte Gray, byte Alpha)> pixels)
    {
        var row = new List<byte> { 0 };
        foreach (var (gray, alpha) in pixels)
        {
            row.AddRange([gray, alpha]);
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(row.ToArray());
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, pixels.Count);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 1);
        header[8] = 8;
        header[9] = 4;
        return [.. Signature, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>The pixels of an 8-bit gray picture of one row that uses no filter or the one that subtracts the left neighbour.</summary>
    public static byte[] GrayRow(byte[] png)
    {
        Assert.True(png.AsSpan().StartsWith(Signature));
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(png, at + 8, length);
            }
            else if (png.AsSpan(at + 4, 4).SequenceEqual("IHDR"u8))
            {
                Assert.Equal(8, png[at + 16]);
                Assert.Equal(0, png[at + 17]);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var row = rows.ToArray();
        Assert.True(row[0] is 0 or 1);
        var pixels = row[1..];
        for (var i = 1; row[0] == 1 && i < pixels.Length; i++)
        {
            pixels[i] += pixels[i - 1];
        }

        return pixels;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
