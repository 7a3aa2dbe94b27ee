using System.Buffers;
using System.Buffers.Binary;

namespace Bifrost.Wire.Pictures;

internal static class PngChunk
{
    /// <summary>Bytes around the data: length, type, checksum.</summary>
    public const int Frame = 12;

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        output.Write(number);
    }

    /// <summary>Takes the next chunk off the front; false at the end of the bytes or when the chunk does not fit into them.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> type, out ReadOnlyMemory<byte> data)
    {
        (type, data) = (default, default);
        if (rest.Length < Frame)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
        if (length > (uint)(rest.Length - Frame))
        {
            return false;
        }

        type = rest.Slice(4, 4);
        data = rest.Slice(8, (int)length);
        rest = rest[((int)length + Frame)..];
        return true;
    }
}
