using System.Buffers.Binary;

namespace Bifrost.Governance.Ledger;

/// <summary>The first bytes of a file of the journal, written when it is taken into use: a file without them holds nothing.</summary>
/// <param name="Journal">Whose file it is.</param>
/// <param name="Segment">Its number.</param>
/// <param name="BaseTime">Unix milliseconds; times in the file are counted from here.</param>
/// <param name="BaseNumber">The next hold's number when it began; numbers in the file are counted from here.</param>
internal readonly record struct SegmentHeader(Guid Journal, long Segment, long BaseTime, long BaseNumber)
{
    /// <summary>It is written twice: without it nothing of the file can be read.</summary>
    public const int Size = 2 * Copy;

    private const int Copy = 64;
    private const ulong Magic = 0x31_4C_4E_52_4A_46_49_42; // "BIFJRNL1"

    public void Write(Span<byte> target)
    {
        WriteCopy(target[..Copy]);
        WriteCopy(target[Copy..Size]);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, long segment, out SegmentHeader header)
    {
        header = default;
        return source.Length >= Size
            && (TryReadCopy(source[..Copy], segment, out header) || TryReadCopy(source[Copy..Size], segment, out header));
    }

    private void WriteCopy(Span<byte> target)
    {
        target.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        Journal.TryWriteBytes(target[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Segment);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], BaseTime);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], BaseNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(target[60..], RecordFrame.Checksum(Segment, 0, target[..60]));
    }

    private static bool TryReadCopy(ReadOnlySpan<byte> source, long segment, out SegmentHeader header)
    {
        header = default;
        if (
            BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[60..]) != RecordFrame.Checksum(segment, 0, source[..60])
        )
        {
            return false;
        }

        header = new SegmentHeader(
            new Guid(source.Slice(8, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[40..])
        );
        return header.Segment == segment;
    }
}
