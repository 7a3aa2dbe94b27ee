namespace Bifrost.Simulator;

/// <summary>The example tables of ITU T.81 annex K, which nearly every baseline JPEG uses.</summary>
internal static class JpegTables
{
    private static readonly JpegHuffman LumaDc = new(
        0x00,
        Convert.FromHexString("00010501010101010100000000000000"),
        Convert.FromHexString("000102030405060708090A0B")
    );

    private static readonly JpegHuffman LumaAc = new(
        0x10,
        Convert.FromHexString("0002010303020403050504040000017D"),
        Convert.FromHexString(
            "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748494A"
                + "535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7"
                + "C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"
        )
    );

    private static readonly JpegHuffman ChromaDc = new(
        0x01,
        Convert.FromHexString("00030101010101010101010000000000"),
        Convert.FromHexString("000102030405060708090A0B")
    );

    private static readonly JpegHuffman ChromaAc = new(
        0x11,
        Convert.FromHexString("00020102040403040705040400010277"),
        Convert.FromHexString(
            "0001020311040521310612415107617113223281081442"
                + "91A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A636465666768696A7374757677"
                + "78797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7"
                + "E8E9EAF2F3F4F5F6F7F8F9FA"
        )
    );

    public static int[] LumaQuantizers { get; } =
        Numbers(
            "100B0A101828333D0C0C0E131A3A3C370E0D1018283945380E11161D3357503E"
                + "12162538446D674D182337405168715C31404E5767797865485C5F6270646763"
        );

    public static int[] ChromaQuantizers { get; } =
        Numbers(
            "1112182F6363636312151A4263636363181A3863636363632F42636363636363"
                + "6363636363636363636363636363636363636363636363636363636363636363"
        );

    /// <summary>Where the coefficients stand, in the order they are written.</summary>
    public static int[] Order { get; } =
        Numbers(
            "000108100902030A11182019120B04050C131A21283029221B140D06070E151C"
                + "232A313839322B241D160F171E252C333A3B342D261F272E353C3D362F373E3F"
        );

    public static JpegHuffman[] All { get; } = [LumaDc, LumaAc, ChromaDc, ChromaAc];

    /// <summary>A table for a quality of 1 to 100, scaled as the IJG library does it.</summary>
    public static int[] Scaled(int[] table, int quality)
    {
        quality = Math.Clamp(quality, 1, 100);
        var scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
        return [.. table.Select(value => Math.Clamp((value * scale + 50) / 100, 1, 255))];
    }

    public static void WriteBlock(BitWriter bits, int[] coefficients, ref int previous, bool isLuma)
    {
        var (dc, ac) = isLuma ? (LumaDc, LumaAc) : (ChromaDc, ChromaAc);
        var difference = coefficients[0] - previous;
        previous = coefficients[0];
        var size = SizeOf(difference);
        dc.Write(bits, size);
        WriteValue(bits, difference, size);
        var zeros = 0;
        for (var i = 1; i < 64; i++)
        {
            var value = coefficients[Order[i]];
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                ac.Write(bits, 0xF0);
            }

            size = SizeOf(value);
            ac.Write(bits, (zeros << 4) | size);
            WriteValue(bits, value, size);
            zeros = 0;
        }

        if (zeros > 0)
        {
            ac.Write(bits, 0x00);
        }
    }

    private static int[] Numbers(string hex) => [.. Convert.FromHexString(hex).Select(number => (int)number)];

    private static int SizeOf(int value) => value == 0 ? 0 : System.Numerics.BitOperations.Log2((uint)Math.Abs(value)) + 1;

    private static void WriteValue(BitWriter bits, int value, int size) =>
        bits.Bits((uint)(value < 0 ? value + (1 << size) - 1 : value), size);
}

/// <summary>One Huffman table of a JPEG: how many codes of each length, and their symbols.</summary>
internal sealed class JpegHuffman
{
    private readonly (uint Code, int Length)[] codes = new (uint, int)[256];

    public JpegHuffman(byte id, byte[] counts, byte[] symbols)
    {
        (Id, Counts, Symbols) = (id, counts, symbols);
        uint code = 0;
        var at = 0;
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var i = 0; i < counts[length - 1]; i++)
            {
                codes[symbols[at++]] = (code++, length);
            }
        }
    }

    public byte Id { get; }

    public byte[] Counts { get; }

    public byte[] Symbols { get; }

    public void Write(BitWriter bits, int symbol) => bits.Bits(codes[symbol].Code, codes[symbol].Length);
}
