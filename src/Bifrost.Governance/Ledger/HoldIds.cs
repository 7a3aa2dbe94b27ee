using System.Buffers.Binary;

namespace Bifrost.Governance.Ledger;

/// <summary>Makes ids of entries: UUIDs of version 7 whose random part is the hold's number and the journal's identity. So an id need not be
/// written down, and is the same each time the journal is read.</summary>
internal static class HoldIds
{
    private const int JournalBits = 38;
    private const long Milliseconds = 0xFFFF_FFFF_FFFF;

    /// <summary>The journal's part of all its ids.</summary>
    public static ulong PartOf(Guid journal)
    {
        Span<byte> bytes = stackalloc byte[16];
        journal.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) >> (64 - JournalBits) ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public static Guid Make(ulong journal, long unixMilliseconds, long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        var high = (ulong)(unixMilliseconds & Milliseconds) << 16 | 0x7000 | (ulong)(number >> 24) & 0xFFF;
        var low = 0x8000_0000_0000_0000 | (ulong)(number & 0xFF_FFFF) << JournalBits | journal;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    public static ulong JournalOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & ((1UL << JournalBits) - 1);
    }

    public static long TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }
}
