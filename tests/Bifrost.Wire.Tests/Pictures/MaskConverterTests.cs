using System.Buffers;
using Bifrost.Wire.Pictures;

namespace Bifrost.Wire.Tests.Pictures;

public sealed class MaskConverterTests
{
    // Two rows: transparent, opaque | half, opaque. The color beneath says nothing.
    private static readonly byte[] Rgba = Pngs.Of(2, 2, 8, 6, [0, 9, 9, 9, 0, 255, 255, 255, 255, 0, 0, 0, 0, 128, 0, 0, 0, 255]);

    [Fact]
    public void Transparent_pixels_become_white_where_white_repaints()
    {
        Assert.Equal([255, 0, 127, 0], Converted(Rgba, MaskPolarity.WhiteRepaints));
    }

    [Fact]
    public void Transparent_pixels_become_black_where_black_repaints()
    {
        Assert.Equal([0, 255, 128, 255], Converted(Rgba, MaskPolarity.BlackRepaints));
    }

    [Fact]
    public void A_mask_without_alpha_is_taken_as_white_repaints()
    {
        var gray = Pngs.Of(3, 1, 8, 0, [0, 255, 0, 60]);

        Assert.Equal([255, 0, 60], Converted(gray, MaskPolarity.WhiteRepaints));
        Assert.Equal([0, 255, 195], Converted(gray, MaskPolarity.BlackRepaints));
    }

    [Fact]
    public void An_alpha_channel_without_a_transparent_pixel_counts_as_none()
    {
        Assert.Equal([255, 0], Converted(Pngs.Of(2, 1, 8, 4, [0, 255, 255, 0, 255]), MaskPolarity.WhiteRepaints));
    }

    [Fact]
    public void A_palette_mask_is_converted()
    {
        var png = Pngs.Of(2, 1, 1, 3, [0, 0b0100_0000], palette: [1, 2, 3, 4, 5, 6], transparency: [0]);

        Assert.Equal([255, 0], Converted(png, MaskPolarity.WhiteRepaints));
    }

    [Fact]
    public void The_result_is_an_eight_bit_gray_png_of_the_same_size()
    {
        var png = MaskConverter.Convert(Rgba, MaskPolarity.WhiteRepaints).Value.ToArray();

        Assert.Equal("image/png", PictureFormat.Sniff(png));
        Assert.Equal([0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0], png[8..29]);

        // The checksums of a 2x2 gray header and of the empty last chunk are constants.
        Assert.Equal([0x57, 0xDD, 0x52, 0xF8], png[29..33]);
        Assert.Equal([0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82], png[^12..]);
    }

    [Fact]
    public void A_large_mask_survives_several_data_chunks()
    {
        var rows = new byte[300 * 301];
        new Random(1).NextBytes(rows);
        for (var y = 0; y < 300; y++)
        {
            rows[y * 301] = 0;
        }

        var read = Converted(Pngs.Of(300, 300, 8, 0, rows), MaskPolarity.WhiteRepaints);

        Assert.Equal(rows.AsSpan(1, 300), read.AsSpan(0, 300));
        Assert.Equal(rows.AsSpan((299 * 301) + 1), read.AsSpan(299 * 300));
    }

    [Fact]
    public void What_is_no_png_is_a_fault()
    {
        Assert.Equal("invalid_image", MaskConverter.Convert(new byte[] { 0xFF, 0xD8, 0xFF }, MaskPolarity.WhiteRepaints).Fault?.Code);
    }

    [Fact]
    public void A_mask_that_ends_early_is_a_fault()
    {
        Assert.NotNull(MaskConverter.Convert(Pngs.Of(2, 2, 8, 6, [0, 1, 2, 3, 255, 1, 2, 3, 255]), MaskPolarity.WhiteRepaints).Fault);
        Assert.NotNull(MaskConverter.Convert(Pngs.Of(2, 2, 8, 0, [0, 1, 2]), MaskPolarity.WhiteRepaints).Fault);
    }

    [Fact]
    public void A_small_file_with_huge_pixels_is_refused_by_its_header_or_read_in_two_rows_of_memory()
    {
        // 8000x8000 zeros pack into some 60 KiB.
        var bomb = Pngs.Of(8000, 8000, 1, 0, new byte[8000 * 1001]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(MaskConverter.Convert(bomb, MaskPolarity.WhiteRepaints).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    private static byte[] Converted(byte[] mask, MaskPolarity wanted)
    {
        var outcome = MaskConverter.Convert(mask, wanted);
        Assert.Null(outcome.Fault);
        using var reader = PngReader.Open(outcome.Value).Value!;
        var pixels = new ArrayBufferWriter<byte>();
        var alpha = new byte[reader.Width];
        for (var y = 0; y < reader.Height; y++)
        {
            Assert.Null(reader.ReadRow(pixels.GetSpan(reader.Width)[..reader.Width], alpha));
            pixels.Advance(reader.Width);
        }

        return pixels.WrittenSpan.ToArray();
    }
}
