using Bifrost.Wire.Pictures;

namespace Bifrost.Wire.Tests.Pictures;

public sealed class PngReaderTests
{
    [Fact]
    public void Gray_of_one_bit_is_black_and_white()
    {
        AssertPixels(Pngs.Of(10, 1, 1, 0, [0, 0b1010_0000, 0b0100_0000]), [255, 0, 255, 0, 0, 0, 0, 0, 0, 255], Opaque(10));
    }

    [Fact]
    public void Gray_of_two_and_four_bits_is_scaled()
    {
        AssertPixels(Pngs.Of(4, 1, 2, 0, [0, 0b00_01_10_11]), [0, 85, 170, 255], Opaque(4));
        AssertPixels(Pngs.Of(3, 1, 4, 0, [0, 0x0F, 0x70]), [0, 255, 119], Opaque(3));
    }

    [Fact]
    public void Gray_of_sixteen_bits_keeps_its_high_byte()
    {
        AssertPixels(Pngs.Of(2, 1, 16, 0, [0, 0x80, 0x80, 0xFF, 0xFF]), [128, 255], Opaque(2));
    }

    [Fact]
    public void One_gray_can_be_declared_transparent()
    {
        AssertPixels(Pngs.Of(2, 1, 8, 0, [0, 7, 9], transparency: [0, 9]), [7, 9], [255, 0]);
    }

    [Fact]
    public void Rgb_is_weighed_and_its_transparent_color_found()
    {
        var png = Pngs.Of(3, 1, 8, 2, [0, 255, 255, 255, 255, 0, 0, 0, 0, 0], transparency: [0, 255, 0, 0, 0, 0]);

        AssertPixels(png, [255, 76, 0], [255, 0, 255]);
    }

    [Fact]
    public void Rgb_of_sixteen_bits_is_read()
    {
        AssertPixels(Pngs.Of(1, 1, 16, 2, [0, 255, 255, 255, 255, 255, 255]), [255], [255]);
    }

    [Theory]
    [InlineData(1, new byte[] { 0, 0b0100_0000 })]
    [InlineData(2, new byte[] { 0, 0b00_01_0000 })]
    [InlineData(4, new byte[] { 0, 0x01 })]
    [InlineData(8, new byte[] { 0, 0, 1 })]
    public void Palettes_of_every_depth_carry_alpha(int depth, byte[] rows)
    {
        var png = Pngs.Of(2, 1, depth, 3, rows, palette: [0, 0, 0, 255, 255, 255], transparency: [40]);

        AssertPixels(png, [0, 255], [40, 255]);
    }

    [Fact]
    public void Gray_with_alpha_is_read_at_both_depths()
    {
        AssertPixels(Pngs.Of(2, 1, 8, 4, [0, 10, 20, 30, 0]), [10, 30], [20, 0]);
        AssertPixels(Pngs.Of(1, 1, 16, 4, [0, 10, 99, 20, 99]), [10], [20]);
    }

    [Fact]
    public void Rgba_is_read_at_both_depths()
    {
        AssertPixels(Pngs.Of(2, 1, 8, 6, [0, 255, 255, 255, 0, 0, 0, 0, 9]), [255, 0], [0, 9]);
        AssertPixels(Pngs.Of(1, 1, 16, 6, [0, 255, 255, 255, 255, 255, 255, 7, 99]), [255], [7]);
    }

    [Fact]
    public void All_five_filters_are_undone()
    {
        // Worked out by hand for rows 10 20 30 | 12 22 32 | 14 24 34 | 16 26 36 | 18 28 38.
        byte[] rows =
        [
            .. (byte[])[1, 10, 10, 10],
            .. (byte[])[2, 2, 2, 2],
            .. (byte[])[3, 8, 6, 6],
            .. (byte[])[4, 2, 2, 2],
            .. (byte[])[0, 18, 28, 38],
        ];

        AssertPixels(Pngs.Of(3, 5, 8, 0, rows), [10, 20, 30, 12, 22, 32, 14, 24, 34, 16, 26, 36, 18, 28, 38], Opaque(15));
    }

    [Fact]
    public void Pixels_may_be_spread_over_chunks()
    {
        AssertPixels(Pngs.Of(2, 2, 8, 0, [0, 1, 2, 0, 3, 4], dataChunks: 7), [1, 2, 3, 4], Opaque(4));
    }

    [Theory]
    [InlineData(0, 1, 8, 0, "no pixels")]
    [InlineData(1, 0, 8, 0, "no pixels")]
    [InlineData(16_385, 1, 8, 0, "at most")]
    [InlineData(16_000, 4_001, 8, 0, "megapixels")]
    [InlineData(-1, -1, 8, 0, "at most")]
    [InlineData(1, 1, 3, 0, "color type 0 with 3 bits")]
    [InlineData(1, 1, 4, 2, "color type 2 with 4 bits")]
    [InlineData(1, 1, 16, 3, "color type 3 with 16 bits")]
    [InlineData(1, 1, 8, 5, "color type 5")]
    [InlineData(1, 1, 8, 3, "palette")]
    public void Impossible_headers_are_faults(int width, int height, int depth, int color, string message)
    {
        AssertRefused(Pngs.Of(width, height, depth, color, [0, 0]), message);
    }

    [Fact]
    public void Interlaced_pictures_are_refused_with_advice()
    {
        AssertRefused(Pngs.Of(1, 1, 8, 0, [0, 0], interlace: 1), "without interlacing");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(33)]
    public void A_torn_file_is_refused(int length)
    {
        AssertRefused(Pngs.Of(1, 1, 8, 0, [0, 0])[..length], "P");
    }

    [Fact]
    public void A_picture_with_too_few_rows_is_a_fault_when_they_run_out()
    {
        using var reader = PngReader.Open(Pngs.Of(2, 2, 8, 0, [0, 1, 2, 0, 3])).Value!;
        var (gray, alpha) = (new byte[2], new byte[2]);

        Assert.Null(reader.ReadRow(gray, alpha));
        Assert.Contains("after 1 of 2 rows", reader.ReadRow(gray, alpha)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_filter_is_a_fault()
    {
        using var reader = PngReader.Open(Pngs.Of(1, 1, 8, 0, [5, 1])).Value!;

        Assert.Contains("filter 5", reader.ReadRow(new byte[1], new byte[1])?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_that_cannot_be_unpacked_are_a_fault()
    {
        var png = Pngs.Of(1, 1, 8, 0, [0, 1]);
        var data = png.AsSpan().IndexOf("IDAT"u8) + 4;

        // A zlib header that asks for a preset dictionary, and one that is none at all.
        foreach (
            var header in (byte[][])
                [
                    [0x78, 0x20],
                    [0xFF, 0xFF],
                ]
        )
        {
            header.CopyTo(png, data);
            using var reader = PngReader.Open(png).Value!;
            Assert.Contains("cannot be unpacked", reader.ReadRow(new byte[1], new byte[1])?.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Opaque(int count) => [.. Enumerable.Repeat((byte)255, count)];

    private static void AssertPixels(byte[] png, byte[] gray, byte[] alpha)
    {
        var outcome = PngReader.Open(png);
        Assert.Null(outcome.Fault);
        using var reader = outcome.Value!;
        var (allGray, allAlpha) = (new List<byte>(), new List<byte>());
        var (rowGray, rowAlpha) = (new byte[reader.Width], new byte[reader.Width]);
        for (var y = 0; y < reader.Height; y++)
        {
            Assert.Null(reader.ReadRow(rowGray, rowAlpha));
            allGray.AddRange(rowGray);
            allAlpha.AddRange(rowAlpha);
        }

        Assert.Equal(gray, allGray);
        Assert.Equal(alpha, allAlpha);
    }

    private static void AssertRefused(byte[] png, string message)
    {
        var fault = PngReader.Open(png).Fault;
        Assert.Equal("invalid_image", fault?.Code);
        Assert.Contains(message, fault?.Message, StringComparison.Ordinal);
    }
}
