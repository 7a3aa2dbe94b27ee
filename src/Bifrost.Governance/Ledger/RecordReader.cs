using System.Buffers.Binary;
using System.Text;

namespace Bifrost.Governance.Ledger;

/// <summary>Reads a record's payload. What does not make sense sets <see cref="Broken"/> and reads as zero from there on.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public bool Broken { get; private set; }

    public bool AtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        if (_rest.IsEmpty)
        {
            Break();
            return 0;
        }

        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        Break();
        return 0;
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Count()
    {
        var value = Unsigned();
        if (value > RecordFrame.MaxPayload)
        {
            Break();
            return 0;
        }

        return (int)value;
    }

    public double Double()
    {
        if (_rest.Length < sizeof(double))
        {
            Break();
            return 0;
        }

        var value = BinaryPrimitives.ReadDoubleLittleEndian(_rest);
        _rest = _rest[sizeof(double)..];
        return value;
    }

    public string Text()
    {
        var length = Unsigned();
        if (length > (ulong)_rest.Length)
        {
            Break();
            return "";
        }

        // PostgreSQL has no place for a NUL in text, and one such text must not hold up all that come after it.
        var text = Encoding.UTF8.GetString(_rest[..(int)length]).Replace('\0', '\uFFFD');
        _rest = _rest[(int)length..];
        return text;
    }

    public void Break()
    {
        Broken = true;
        _rest = default;
    }
}
