using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Bifrost.Governance.Ledger;

/// <summary>Builds one record after the other in the same buffer.</summary>
internal sealed class RecordWriter
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    /// <summary>The record with its frame still empty.</summary>
    public Span<byte> Record => _buffer.AsSpan(0, _length);

    public int Length => _length;

    public void Begin(RecordType type)
    {
        _length = RecordFrame.Overhead;
        Byte((byte)type);
    }

    public void Byte(byte value)
    {
        Room(1);
        _buffer[_length++] = value;
    }

    public void Unsigned(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    /// <summary>Small numbers of either sign take few bytes.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Double(double value)
    {
        Room(sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(double);
    }

    public void Text(ReadOnlySpan<char> text)
    {
        // Nearly every text is an id or a name of plain letters, as many bytes as characters.
        var before = _length;
        Unsigned((ulong)text.Length);
        Room(text.Length);
        if (Ascii.FromUtf16(text, _buffer.AsSpan(_length), out var written) == OperationStatus.Done)
        {
            _length += written;
            return;
        }

        _length = before;
        var bytes = Encoding.UTF8.GetByteCount(text);
        Unsigned((ulong)bytes);
        Room(bytes);
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    private void Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
