using System.Buffers.Binary;
using System.Numerics;

namespace Bifrost.Governance.Ledger;

internal enum RecordType : byte
{
    Hold = 1,

    /// <summary>A hold of an older file, written again so that the older file can go.</summary>
    Carry = 2,
    Settle = 3,
    Release = 4,

    /// <summary>Takes back a carry that came after its call was over.</summary>
    Void = 5,
}

/// <summary>What is around each record: two bytes of length, four of checksum. The checksum covers the place too, so bytes that lie where they were
/// not written are not taken for a record.</summary>
internal static class RecordFrame
{
    public const int Overhead = 6;
    public const int MaxPayload = ushort.MaxValue;

    /// <summary>Fills in the frame of a record whose payload begins at <see cref="Overhead"/>.</summary>
    public static void Seal(Span<byte> record, long segment, int offset)
    {
        var payload = record[Overhead..];
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[2..], Checksum(segment, offset, payload));
    }

    /// <summary>The payload of the record that begins at <paramref name="at"/>, if a whole one does.</summary>
    /// <param name="data">Bytes of the file.</param>
    /// <param name="at">Where in <paramref name="data"/>.</param>
    /// <param name="segment">Number of the file.</param>
    /// <param name="offset">Where in the file.</param>
    /// <param name="payload">Its payload.</param>
    public static bool TryRead(ReadOnlySpan<byte> data, int at, long segment, int offset, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (data.Length - at <= Overhead)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
        // The type is looked at first: it spares most checksums when a way is sought past damage.
        if (length == 0 || length > data.Length - at - Overhead || data[at + Overhead] is 0 or > (byte)RecordType.Void)
        {
            return false;
        }

        var body = data.Slice(at + Overhead, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(data[(at + 2)..]) != Checksum(segment, offset, body))
        {
            return false;
        }

        payload = body;
        return true;
    }

    public static uint Checksum(long segment, int offset, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)segment);
        crc = BitOperations.Crc32C(crc, ((ulong)(uint)offset << 32) | (uint)payload.Length);
        while (payload.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));
            payload = payload[sizeof(ulong)..];
        }

        foreach (var one in payload)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
