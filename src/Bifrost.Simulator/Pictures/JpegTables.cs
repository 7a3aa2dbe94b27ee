namespace Bifrost.Simulator;

/// <summary>The example tables of ITU T.81 annex K, which nearly every baseline JPEG uses.</summary>
internal static class JpegTables
{
    private static readonly JpegHuffman LumaDc = new(
        0x00,
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        Convert.FromHexString("000102030405060708090A0B")
    );

    private static readonly JpegHuffman LumaAc = new(
        0x10,
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
        Convert.FromHexString(
            "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748494A"
                + "535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7"
                + "C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"
        )
    );

    private static readonly JpegHuffman ChromaDc = new(
        0x01,
        [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        Convert.FromHexString("000102030405060708090A0B")
    );

    private static readonly JpegHuffman ChromaAc = new(
        0x11,
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
        Convert.FromHexString(
            "0001020311040521310612415107617113223281081442"
                + "91A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A636465666768696A7374757677"
                + "78797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7"
                + "E8E9EAF2F3F4F5F6F7F8F9FA"
        )
    );

    public static int[] LumaQuantizers { get; } =
    [
        16,
        11,
        10,
        16,
        24,
        40,
        51,
        61,
        12,
        12,
        14,
        19,
        26,
        58,
        60,
        55,
        14,
        13,
        16,
        24,
        40,
        57,
        69,
        56,
        14,
        17,
        22,
        29,
        51,
        87,
        80,
        62,
        18,
        22,
        37,
        56,
        68,
        109,
        103,
        77,
        24,
        35,
        55,
        64,
        81,
        104,
        113,
        92,
        49,
        64,
        78,
        87,
        103,
        121,
        120,
        101,
        72,
        92,
        95,
        98,
        112,
        100,
        103,
        99,
    ];

    public static int[] ChromaQuantizers { get; } =
    [
        17,
        18,
        24,
        47,
        99,
        99,
        99,
        99,
        18,
        21,
        26,
        66,
        99,
        99,
        99,
        99,
        24,
        26,
        56,
        99,
        99,
        99,
        99,
        99,
        47,
        66,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
        99,
    ];

    /// <summary>Where the coefficients stand, in the order they are written.</summary>
    public static int[] Order { get; } =
    [
        0,
        1,
        8,
        16,
        9,
        2,
        3,
        10,
        17,
        24,
        32,
        25,
        18,
        11,
        4,
        5,
        12,
        19,
        26,
        33,
        40,
        48,
        41,
        34,
        27,
        20,
        13,
        6,
        7,
        14,
        21,
        28,
        35,
        42,
        49,
        56,
        57,
        50,
        43,
        36,
        29,
        22,
        15,
        23,
        30,
        37,
        44,
        51,
        58,
        59,
        52,
        45,
        38,
        31,
        39,
        46,
        53,
        60,
        61,
        54,
        47,
        55,
        62,
        63,
    ];

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
