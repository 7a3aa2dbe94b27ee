using System.Buffers;
using System.Buffers.Text;

namespace Bifrost.Wire.Framing;

/// <summary>Cuts server-sent events out of bytes that arrive in any pieces, as the WHATWG HTML standard has it (section 9.2.6, "Interpreting
/// an event stream"). An event without its closing empty line is never reported. One stream, one reader; not thread-safe.</summary>
public sealed class SseReader
{
    /// <summary>Largest line and largest event by default: pictures come as data URLs of several MB in one event.</summary>
    public const int DefaultLimit = 16 * 1024 * 1024;

    private readonly int _limit;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly ArrayBufferWriter<byte> _name = new();
    private readonly ArrayBufferWriter<byte> _id = new();
    private bool _hasData;
    private bool _afterReturn;
    private bool _begun;

    /// <param name="limit">Bytes that one line, or the data of one event, may have.</param>
    public SseReader(int limit = DefaultLimit) => _limit = limit;

    /// <summary>A line or an event was larger than the limit. Nothing more is read.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>How long to wait before a new connection, as the stream said last; null when it did not.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>Reports all events and comments that <paramref name="bytes"/> complete.</summary>
    /// <returns>False once the limit is passed.</returns>
    public bool Read(ReadOnlySpan<byte> bytes, ISseSink sink)
    {
        while (!Overflowed && !bytes.IsEmpty)
        {
            if (_afterReturn)
            {
                _afterReturn = false;
                if (bytes[0] == '\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            var piece = end < 0 ? bytes : bytes[..end];
            if (piece.Length > _limit - _line.WrittenCount)
            {
                Overflowed = true;
            }
            else if (end < 0)
            {
                _line.Write(piece);
                return true;
            }
            else
            {
                _afterReturn = bytes[end] == '\r';
                bytes = bytes[(end + 1)..];
                EndLine(piece, sink);
            }
        }

        return !Overflowed;
    }

    private void EndLine(ReadOnlySpan<byte> rest, ISseSink sink)
    {
        if (_line.WrittenCount == 0)
        {
            TakeLine(rest, sink);
            return;
        }

        _line.Write(rest);
        TakeLine(_line.WrittenSpan, sink);
        _line.ResetWrittenCount();
    }

    private void TakeLine(ReadOnlySpan<byte> line, ISseSink sink)
    {
        if (!_begun)
        {
            _begun = true;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        if (line.IsEmpty)
        {
            Dispatch(sink);
            return;
        }

        var colon = line.IndexOf((byte)':');
        var value = colon < 0 ? default : line[(colon + 1)..];
        value = value.Length > 0 && value[0] == ' ' ? value[1..] : value;
        if (colon == 0)
        {
            sink.OnComment(value);
        }
        else
        {
            TakeField(colon < 0 ? line : line[..colon], value);
        }
    }

    private void TakeField(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (field.SequenceEqual("data"u8))
        {
            TakeData(value);
        }
        else if (field.SequenceEqual("event"u8))
        {
            Keep(value, _name);
        }
        else if (field.SequenceEqual("id"u8))
        {
            // The standard ignores an id with a zero in it.
            if (!value.Contains((byte)0))
            {
                Keep(value, _id);
            }
        }
        else if (field.SequenceEqual("retry"u8) && Utf8Parser.TryParse(value, out uint wait, out var used) && used == value.Length)
        {
            Retry = TimeSpan.FromMilliseconds(wait);
        }
    }

    // Streams name every event: the place is used again instead of an array for each.
    private static void Keep(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> place)
    {
        place.ResetWrittenCount();
        place.Write(value);
    }

    private void TakeData(ReadOnlySpan<byte> value)
    {
        if (value.Length + 1 > _limit - _data.WrittenCount)
        {
            Overflowed = true;
            return;
        }

        if (_hasData)
        {
            _data.Write("\n"u8);
        }

        _data.Write(value);
        _hasData = true;
    }

    private void Dispatch(ISseSink sink)
    {
        if (_hasData)
        {
            sink.OnEvent(_name.WrittenSpan, _data.WrittenSpan, _id.WrittenSpan);
        }

        _data.ResetWrittenCount();
        _hasData = false;
        _name.ResetWrittenCount();
    }
}
