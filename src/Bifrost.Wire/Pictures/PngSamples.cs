using System.Buffers.Binary;

namespace Bifrost.Wire.Pictures;

/// <summary>Turns the samples of a row, whatever their number and depth, into gray and alpha.</summary>
internal sealed class PngSamples
{
    private readonly PngHeader _header;
    private readonly byte[] _paletteGray = [];
    private readonly byte[] _paletteAlpha = [];

    // The one color that counts as transparent in pictures without an alpha channel, each sample in its own depth.
    private readonly int _keyRed = -1;
    private readonly int _keyGreen = -1;
    private readonly int _keyBlue = -1;

    public PngSamples(PngHeader header, ReadOnlyMemory<byte> palette, ReadOnlyMemory<byte> transparency)
    {
        _header = header;
        var keys = transparency.Span;
        if (header.Color == PngColor.Palette)
        {
            // Entries beyond the palette are an error in the file; black and opaque is what other readers make of them.
            _paletteGray = new byte[256];
            _paletteAlpha = new byte[256];
            _paletteAlpha.AsSpan().Fill(255);
            for (var i = 0; i < Math.Min(256, palette.Length / 3); i++)
            {
                var color = palette.Span.Slice(i * 3, 3);
                _paletteGray[i] = Gray(color[0], color[1], color[2]);
            }

            keys[..Math.Min(256, keys.Length)].CopyTo(_paletteAlpha);
        }
        else if (header.Color == PngColor.Gray && keys.Length == 2)
        {
            _keyRed = BinaryPrimitives.ReadUInt16BigEndian(keys);
        }
        else if (header.Color == PngColor.Rgb && keys.Length == 6)
        {
            _keyRed = BinaryPrimitives.ReadUInt16BigEndian(keys);
            _keyGreen = BinaryPrimitives.ReadUInt16BigEndian(keys[2..]);
            _keyBlue = BinaryPrimitives.ReadUInt16BigEndian(keys[4..]);
        }

        HasAlpha =
            header.Color is PngColor.GrayAlpha or PngColor.Rgba || _keyRed >= 0 || (header.Color == PngColor.Palette && !keys.IsEmpty);
    }

    public bool HasAlpha { get; }

    public void Convert(ReadOnlySpan<byte> row, Span<byte> gray, Span<byte> alpha)
    {
        switch (_header.Color)
        {
            case PngColor.Palette:
                ConvertPalette(row, gray, alpha);
                break;
            case PngColor.Gray:
                ConvertGray(row, gray, alpha);
                break;
            default:
                ConvertChannels(row, gray, alpha);
                break;
        }
    }

    private void ConvertPalette(ReadOnlySpan<byte> row, Span<byte> gray, Span<byte> alpha)
    {
        for (var x = 0; x < gray.Length; x++)
        {
            var entry = Sample(row, x);
            gray[x] = _paletteGray[entry];
            alpha[x] = _paletteAlpha[entry];
        }
    }

    private void ConvertGray(ReadOnlySpan<byte> row, Span<byte> gray, Span<byte> alpha)
    {
        var most = (1 << _header.Depth) - 1;
        for (var x = 0; x < gray.Length; x++)
        {
            var sample = Sample(row, x);
            gray[x] = (byte)(sample * 255 / most);
            alpha[x] = (byte)(sample == _keyRed ? 0 : 255);
        }
    }

    private void ConvertChannels(ReadOnlySpan<byte> row, Span<byte> gray, Span<byte> alpha)
    {
        var channels = _header.Channels;
        var isColor = channels >= 3;
        var hasAlphaChannel = channels is 2 or 4;
        var shift = _header.Depth - 8;
        for (var x = 0; x < gray.Length; x++)
        {
            var at = x * channels;
            var red = Sample(row, at);
            var green = isColor ? Sample(row, at + 1) : red;
            var blue = isColor ? Sample(row, at + 2) : red;
            var isKey = red == _keyRed && green == _keyGreen && blue == _keyBlue;
            gray[x] = Gray(red >> shift, green >> shift, blue >> shift);
            alpha[x] = hasAlphaChannel ? (byte)(Sample(row, at + channels - 1) >> shift) : (byte)(isKey ? 0 : 255);
        }
    }

    private int Sample(ReadOnlySpan<byte> row, int index) =>
        _header.Depth switch
        {
            8 => row[index],
            16 => BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..]),
            _ => (row[index * _header.Depth / 8] >> (8 - _header.Depth - (index * _header.Depth % 8))) & ((1 << _header.Depth) - 1),
        };

    // Rec. 601 weights in 256ths.
    private static byte Gray(int red, int green, int blue) => (byte)(((77 * red) + (150 * green) + (29 * blue)) >> 8);
}
