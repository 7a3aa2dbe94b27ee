namespace Bifrost.Simulator;

/// <summary>Writes bits least significant first, as WebP does.</summary>
internal sealed class LowBitWriter
{
    private readonly List<byte> bytes = [];
    private ulong pending;
    private int count;

    public void Bits(uint value, int length)
    {
        pending |= (ulong)value << count;
        count += length;
        while (count >= 8)
        {
            bytes.Add((byte)pending);
            pending >>= 8;
            count -= 8;
        }
    }

    public byte[] ToArray()
    {
        if (count > 0)
        {
            bytes.Add((byte)pending);
            (pending, count) = (0, 0);
        }

        return [.. bytes];
    }
}
