using System.IO.Compression;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Pictures;

/// <summary>Reads a PNG row by row as gray and alpha, 8 bits each. All color types and depths; not interlaced ones. Checksums of chunks are
/// not verified: a picture that can be unpacked is good enough.</summary>
/// <remarks>Memory is two rows, so a small file that unpacks to a huge picture costs time within the limit of 64 megapixels and nothing else.
/// Format: PNG (W3C, third edition).</remarks>
public sealed class PngReader : IDisposable
{
    private readonly PngHeader _header;
    private readonly PngSamples _samples;
    private readonly ZLibStream _pixels;
    private byte[] _row;
    private byte[] _rowAbove;
    private int _rowsRead;

    private PngReader(PngHeader header, PngSamples samples, ReadOnlyMemory<byte> chunks)
    {
        _header = header;
        _samples = samples;
        _pixels = new ZLibStream(new PngDataSource(chunks), CompressionMode.Decompress);
        _row = new byte[header.RowBytes];
        _rowAbove = new byte[header.RowBytes];
    }

    public int Width => _header.Width;

    public int Height => _header.Height;

    /// <summary>Whether any pixel can be transparent, by an alpha channel or a list of transparent colors.</summary>
    public bool HasAlpha => _samples.HasAlpha;

    /// <summary>Reads all that comes before the pixels.</summary>
    public static Outcome<PngReader> Open(ReadOnlyMemory<byte> png)
    {
        if (!png.Span.StartsWith(PictureFormat.PngSignature))
        {
            return Fault.Invalid("The picture must be a PNG file.", code: "invalid_image");
        }

        var rest = png[PictureFormat.PngSignature.Length..];
        if (!PngChunk.TryTake(ref rest, out var type, out var data) || !type.Span.SequenceEqual("IHDR"u8))
        {
            return Bad("its header is missing");
        }

        if (PngHeader.Read(data.Span).Failed(out var bad, out var header))
        {
            return bad;
        }

        ReadOnlyMemory<byte> palette = default;
        ReadOnlyMemory<byte> transparency = default;
        for (var chunks = rest; PngChunk.TryTake(ref rest, out type, out data); chunks = rest)
        {
            if (type.Span.SequenceEqual("PLTE"u8))
            {
                palette = data;
            }
            else if (type.Span.SequenceEqual("tRNS"u8))
            {
                transparency = data;
            }
            else if (type.Span.SequenceEqual("IDAT"u8))
            {
                return header.Color == PngColor.Palette && (palette.Length < 3 || palette.Length % 3 != 0)
                    ? Bad("its palette is missing or damaged")
                    : new PngReader(header, new PngSamples(header, palette, transparency), chunks);
            }
        }

        return Bad("its pixels are missing");
    }

    /// <summary>Reads the next row; at most <see cref="Height"/> times.</summary>
    /// <param name="gray">One byte for each pixel: its brightness.</param>
    /// <param name="alpha">One byte for each pixel: 0 is transparent, 255 opaque.</param>
    /// <returns>Null, or what is wrong with the picture.</returns>
    public Fault? ReadRow(Span<byte> gray, Span<byte> alpha)
    {
        if (_rowsRead == Height)
        {
            throw new InvalidOperationException("All rows were read.");
        }

        (_row, _rowAbove) = (_rowAbove, _row);
        try
        {
            var filter = _pixels.ReadByte();
            if (filter < 0 || _pixels.ReadAtLeast(_row, _row.Length, throwOnEndOfStream: false) < _row.Length)
            {
                return Bad($"it ends after {_rowsRead} of {Height} rows");
            }

            if (!PngFilter.Undo(filter, _row, _rowAbove, _header.Step))
            {
                return Bad($"row {_rowsRead + 1} has the unknown filter {filter}");
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            // IOException: the unpacker's word for data that ask for a dictionary. The bytes themselves are in memory.
            return Bad($"its pixels cannot be unpacked after {_rowsRead} of {Height} rows");
        }

        _rowsRead++;
        _samples.Convert(_row, gray[..Width], alpha[..Width]);
        return null;
    }

    public void Dispose() => _pixels.Dispose();

    internal static Fault Bad(string reason) => Fault.Invalid($"The PNG picture cannot be read: {reason}.", code: "invalid_image");
}
