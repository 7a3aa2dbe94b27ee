namespace Bifrost.Simulator;

/// <summary>
/// Writes H.264 of the constrained baseline profile without compressing anything: a macroblock that changed is sent as raw samples (I_PCM), one
/// that did not is skipped. Sections named are those of ITU-T H.264.
/// </summary>
internal sealed class H264(int width, int height)
{
    private const int RawInISlice = 25;
    private const int RawInPSlice = 5 + RawInISlice;
    private readonly int columns = YuvFrame.Whole(width) / 16;
    private readonly int rows = YuvFrame.Whole(height) / 16;
    private uint frameNumber;

    /// <summary>7.3.2.1: baseline, level 3, output order is decoding order, one reference frame, cropped to the size.</summary>
    public byte[] SequenceParameters()
    {
        var bits = new BitWriter();
        bits.Bits(66, 8);
        bits.Bits(0b1100_0000, 8);
        bits.Bits(30, 8);
        bits.Ue(0);
        bits.Ue(0);
        bits.Ue(2);
        bits.Ue(1);
        bits.Bits(0, 1);
        bits.Ue((uint)columns - 1);
        bits.Ue((uint)rows - 1);
        bits.Bits(1, 1);
        bits.Bits(1, 1);
        bits.Bits(1, 1);
        bits.Ue(0);
        bits.Ue((uint)(columns * 16 - width) / 2);
        bits.Ue(0);
        bits.Ue((uint)(rows * 16 - height) / 2);
        bits.Bits(0, 1);
        return Unit(0x67, bits);
    }

    /// <summary>7.3.2.2: variable-length codes, slices may switch the deblocking filter off.</summary>
    public static byte[] PictureParameters()
    {
        var bits = new BitWriter();
        bits.Ue(0);
        bits.Ue(0);
        bits.Bits(0, 2);
        bits.Ue(0);
        bits.Ue(0);
        bits.Ue(0);
        bits.Bits(0, 3);
        bits.Ue(0);
        bits.Ue(0);
        bits.Ue(0);
        bits.Bits(0b100, 3);
        return Unit(0x68, bits);
    }

    /// <summary>A whole picture that needs no other.</summary>
    public byte[] KeyFrame(YuvFrame frame)
    {
        frameNumber = 0;
        var bits = new BitWriter();
        bits.Ue(0);
        bits.Ue(7);
        bits.Ue(0);
        bits.Bits(0, 4);
        bits.Ue(0);
        bits.Bits(0, 2);
        EndHeader(bits);
        for (var block = 0; block < columns * rows; block++)
        {
            bits.Ue(RawInISlice);
            Raw(bits, frame, block);
        }

        return Unit(0x65, bits);
    }

    /// <summary>A picture told by what changed since the one before.</summary>
    public byte[] DeltaFrame(YuvFrame before, YuvFrame frame)
    {
        frameNumber = (frameNumber + 1) % 16;
        var bits = new BitWriter();
        bits.Ue(0);
        bits.Ue(5);
        bits.Ue(0);
        bits.Bits(frameNumber, 4);
        bits.Bits(0, 3);
        EndHeader(bits);
        uint skipped = 0;
        for (var block = 0; block < columns * rows; block++)
        {
            if (frame.Same(before, block % columns, block / columns))
            {
                skipped++;
                continue;
            }

            bits.Ue(skipped);
            skipped = 0;
            bits.Ue(RawInPSlice);
            Raw(bits, frame, block);
        }

        if (skipped > 0)
        {
            bits.Ue(skipped);
        }

        return Unit(0x61, bits);
    }

    private static void EndHeader(BitWriter bits)
    {
        bits.Ue(0);
        bits.Ue(1);
    }

    private void Raw(BitWriter bits, YuvFrame frame, int block)
    {
        bits.Align(0);
        frame.WriteBlock(bits, block % columns, block / columns);
    }

    /// <summary>7.3.1: stop bit, and a 3 wherever the payload would look like a start code.</summary>
    private static byte[] Unit(byte header, BitWriter bits)
    {
        bits.Bits(1, 1);
        bits.Align(0);
        using var unit = new MemoryStream();
        unit.WriteByte(header);
        var zeros = 0;
        foreach (var value in bits.ToArray())
        {
            if (zeros == 2 && value <= 3)
            {
                unit.WriteByte(3);
                zeros = 0;
            }

            unit.WriteByte(value);
            zeros = value == 0 ? zeros + 1 : 0;
        }

        return unit.ToArray();
    }
}
