using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Bifrost.Wire.Pictures;

/// <summary>Writes an 8-bit grayscale PNG row by row, so that no whole picture is ever held.</summary>
public sealed class PngWriter : IDisposable
{
    private const byte NoFilter = 0;
    private const int ChunkBytes = 32 * 1024;

    private readonly IBufferWriter<byte> _output;
    private readonly ZLibStream _pixels;
    private readonly byte[] _row;

    /// <param name="output">Where the picture goes.</param>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows that will follow, at least 1.</param>
    public PngWriter(IBufferWriter<byte> output, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        _output = output;
        _row = new byte[width + 1];
        _row[0] = NoFilter;
        output.Write(PictureFormat.PngSignature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per sample; the zeros after it mean gray, deflate, adaptive filters, no interlace
        PngChunk.Write(output, "IHDR"u8, header);

        // Without the buffer every row would become a chunk of its own.
        _pixels = new ZLibStream(new BufferedStream(new PngDataSink(output), ChunkBytes), CompressionLevel.Fastest);
    }

    /// <param name="gray">One byte for each pixel of the row.</param>
    public void WriteRow(ReadOnlySpan<byte> gray)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gray.Length, _row.Length - 1);
        gray.CopyTo(_row.AsSpan(1));
        _pixels.Write(_row);
    }

    /// <summary>Called once after the last row.</summary>
    public void Finish()
    {
        _pixels.Dispose();
        PngChunk.Write(_output, "IEND"u8, []);
    }

    public void Dispose() => _pixels.Dispose();
}
