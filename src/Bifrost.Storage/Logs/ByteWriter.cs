using System.Text;

namespace Bifrost.Storage.Logs;

/// <summary>Numbers in as many bytes as they need, texts with their length before them.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        Room(1);
        _bytes[Length++] = value;
    }

    /// <summary>Small ones, positive or not, take little.</summary>
    public void Number(long value)
    {
        Room(10);
        var rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest >= 0x80)
        {
            _bytes[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _bytes[Length++] = (byte)rest;
    }

    public void Text(string? text)
    {
        if (text is null)
        {
            Number(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Number(length);
        Room(length);
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    private void Room(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
        }
    }
}

/// <summary>Reads what a <see cref="ByteWriter"/> wrote.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    public readonly bool AtEnd => Position >= _bytes.Length;

    public byte Byte() => _bytes[Position++];

    public long Number()
    {
        var first = _bytes[Position++];
        ulong value = first;
        if (first >= 0x80)
        {
            value &= 0x7f;
            for (var shift = 7; ; shift += 7)
            {
                var next = _bytes[Position++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    break;
                }
            }
        }

        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string? Text()
    {
        var length = (int)Number();
        if (length < 0)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(_bytes.Slice(Position, length));
        Position += length;
        return text;
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        var part = _bytes.Slice(Position, length);
        Position += length;
        return part;
    }
}
