namespace Bifrost.Simulator;

/// <summary>Writes bits most significant first, as JPEG and H.264 do.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> bytes = [];
    private uint pending;
    private int count;

    public bool Aligned => count == 0;

    public void Bits(uint value, int length)
    {
        for (var bit = length - 1; bit >= 0; bit--)
        {
            pending = (pending << 1) | ((value >> bit) & 1);
            if (++count == 8)
            {
                bytes.Add((byte)pending);
                pending = 0;
                count = 0;
            }
        }
    }

    /// <summary>Exp-Golomb code of an unsigned number (H.264 9.1).</summary>
    public void Ue(uint value)
    {
        var length = 32 - System.Numerics.BitOperations.LeadingZeroCount(value + 1);
        Bits(0, length - 1);
        Bits(value + 1, length);
    }

    /// <summary>Fills the current byte with this bit.</summary>
    public void Align(uint bit)
    {
        while (!Aligned)
        {
            Bits(bit, 1);
        }
    }

    /// <summary>Appends whole bytes; the writer must be aligned.</summary>
    public void Bytes(ReadOnlySpan<byte> data) => bytes.AddRange(data);

    public byte[] ToArray() => [.. bytes];
}
