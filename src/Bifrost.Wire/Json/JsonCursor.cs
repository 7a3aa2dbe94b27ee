using System.Buffers.Text;
using System.Text.Json;

namespace Bifrost.Wire.Json;

/// <summary>Walks over the tokens of a JSON text as <see cref="Utf8JsonReader"/> does, with the same strictness, but skips long strings full of
/// escapes many times faster and never throws: what is not JSON ends the walk, and <see cref="IsBroken"/> says so. Why it is none is a question
/// for the runtime's reader, which nobody minds to be slow then. Expects valid UTF-8.</summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> text, int maxDepth)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly int _maxDepth = maxDepth;
    private Next _next = Next.Value;
    private int _at;
    private int _start;
    private int _valueStart;
    private int _valueEnd;
    private int _depth;

    // A bit for each level that is open: set for an object.
    private UInt128 _objects;

    private enum Next : byte
    {
        Value,
        ValueOrEnd,
        Name,
        NameOrEnd,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>It is no JSON, or nested too deep.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>None before the first and behind the last.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Of a string: its opening quote.</summary>
    public readonly int TokenStart => _start;

    /// <summary>The byte behind the token; behind the colon of a name.</summary>
    public readonly int TokenEnd => _at;

    /// <summary>How many objects and arrays the token stands in; a brace or bracket does not stand in its own.</summary>
    public readonly int Depth => TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? _depth - 1 : _depth;

    /// <summary>As written: of a string and a name without the quotes, with its escapes.</summary>
    public readonly ReadOnlySpan<byte> Value => _text[_valueStart.._valueEnd];

    /// <summary>There are escapes in <see cref="Value"/>.</summary>
    public bool IsEscaped { get; private set; }

    private readonly bool IsInObject => ((_objects >> (_depth - 1)) & 1) != 0;

    /// <summary>Goes to the next token. False: there is none, or it is no JSON from here on.</summary>
    public bool Read()
    {
        SkipSpace();
        if (_at >= _text.Length)
        {
            return _next == Next.Nothing ? End() : Break();
        }

        var first = _text[_at];
        if (_next == Next.CommaOrEnd)
        {
            if (first is (byte)'}' or (byte)']')
            {
                return Close(first);
            }

            if (first != (byte)',')
            {
                return Break();
            }

            _at++;
            SkipSpace();
            if (_at >= _text.Length)
            {
                return Break();
            }

            first = _text[_at];
            _next = IsInObject ? Next.Name : Next.Value;
        }

        return _next switch
        {
            Next.Value => ReadValue(first),
            Next.ValueOrEnd => first == (byte)']' ? Close(first) : ReadValue(first),
            Next.Name => ReadName(first),
            Next.NameOrEnd => first == (byte)'}' ? Close(first) : ReadName(first),
            _ => Break(),
        };
    }

    /// <summary>From a brace or bracket to the one that closes it; from a name to the end of its value.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = Depth;
            while (Read() && Depth > depth) { }
        }
    }

    /// <summary>The string at hand, unescaped.</summary>
    /// <exception cref="InvalidOperationException">An escape in it is half a character.</exception>
    public readonly string GetString() => Plain().GetString()!;

    /// <summary>Unescapes the string or name at hand; how many bytes that were. There must be room for as many as it has now.</summary>
    /// <exception cref="InvalidOperationException">An escape in it is half a character.</exception>
    public readonly int CopyString(scoped Span<byte> to) => Plain().CopyString(to);

    /// <summary>Whether the name or string at hand is this text, however it is escaped.</summary>
    public readonly bool Is(ReadOnlySpan<byte> plain) => IsEscaped ? Plain().ValueTextEquals(plain) : Value.SequenceEqual(plain);

    /// <summary>The number at hand, when it is written as a whole one and is not too large.</summary>
    public readonly bool TryGetWhole(out long whole)
    {
        var isWhole = Utf8Parser.TryParse(Value, out whole, out int used) && used == _valueEnd - _valueStart;
        whole = isWhole ? whole : 0;
        return isWhole;
    }

    public readonly bool TryGetReal(out double real)
    {
        var isReal = Utf8Parser.TryParse(Value, out real, out int used) && used == _valueEnd - _valueStart;
        real = isReal ? real : 0;
        return isReal;
    }

    // Escapes are rare in what is asked for here: the runtime knows how.
    private readonly Utf8JsonReader Plain()
    {
        var reader = new Utf8JsonReader(_text[(_valueStart - 1)..(_valueEnd + 1)]);
        reader.Read();
        return reader;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }

    private bool ReadValue(byte first)
    {
        switch (first)
        {
            case (byte)'"':
                return TakeString(JsonTokenType.String) && Took();
            case (byte)'{':
                return Open(JsonTokenType.StartObject, Next.NameOrEnd);
            case (byte)'[':
                return Open(JsonTokenType.StartArray, Next.ValueOrEnd);
            case (byte)'t':
                return Literal("true"u8, JsonTokenType.True);
            case (byte)'f':
                return Literal("false"u8, JsonTokenType.False);
            case (byte)'n':
                return Literal("null"u8, JsonTokenType.Null);
            default:
                return Number();
        }
    }

    private bool ReadName(byte first)
    {
        if (first != (byte)'"' || !TakeString(JsonTokenType.PropertyName))
        {
            return Break();
        }

        SkipSpace();
        if (_at >= _text.Length || _text[_at] != (byte)':')
        {
            return Break();
        }

        _at++;
        _next = Next.Value;
        return true;
    }

    private bool TakeString(JsonTokenType type)
    {
        var end = JsonStrings.FindEnd(_text, _at + 1, out var escaped);
        if (end < 0)
        {
            return Break();
        }

        IsEscaped = escaped;
        return Take(type, _at + 1, end, end + 1);
    }

    private bool Literal(ReadOnlySpan<byte> word, JsonTokenType type) =>
        _text[_at..].StartsWith(word) ? Take(type, _at, _at + word.Length, _at + word.Length) && Took() : Break();

    private bool Number()
    {
        var at = _at;
        at += _text[at] == (byte)'-' ? 1 : 0;
        var whole = Digits(at);
        // No zero leads.
        if (whole == 0 || (whole > 1 && _text[at] == (byte)'0'))
        {
            return Break();
        }

        at += whole;
        if (at < _text.Length && _text[at] == (byte)'.')
        {
            var digits = Digits(at + 1);
            if (digits == 0)
            {
                return Break();
            }

            at += 1 + digits;
        }

        if (at < _text.Length && _text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at += at < _text.Length && _text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            var digits = Digits(at);
            if (digits == 0)
            {
                return Break();
            }

            at += digits;
        }

        return Take(JsonTokenType.Number, _at, at, at) && Took();
    }

    private readonly int Digits(int at)
    {
        var count = 0;
        while (at + count < _text.Length && _text[at + count] is >= (byte)'0' and <= (byte)'9')
        {
            count++;
        }

        return count;
    }

    private bool Open(JsonTokenType type, Next next)
    {
        if (_depth >= _maxDepth)
        {
            return Break();
        }

        var bit = UInt128.One << _depth;
        _objects = type == JsonTokenType.StartObject ? _objects | bit : _objects & ~bit;
        _depth++;
        _next = next;
        return Take(type, _at, _at + 1, _at + 1);
    }

    private bool Close(byte with)
    {
        if ((with == (byte)'}') != IsInObject)
        {
            return Break();
        }

        var type = with == (byte)'}' ? JsonTokenType.EndObject : JsonTokenType.EndArray;
        _depth--;
        return Take(type, _at, _at + 1, _at + 1) && Took();
    }

    private bool Take(JsonTokenType type, int valueStart, int valueEnd, int end)
    {
        (TokenType, _start, _valueStart, _valueEnd, _at) = (type, _at, valueStart, valueEnd, end);
        return true;
    }

    // A value is over: what follows depends on what it stands in.
    private bool Took()
    {
        _next = _depth == 0 ? Next.Nothing : Next.CommaOrEnd;
        return true;
    }

    private bool End()
    {
        (TokenType, _start, _valueStart, _valueEnd) = (JsonTokenType.None, _at, _at, _at);
        return false;
    }

    private bool Break()
    {
        IsBroken = true;
        _at = _text.Length;
        return End();
    }
}
