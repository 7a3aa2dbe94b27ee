using System.Buffers;
using System.Buffers.Text;
using Bifrost.Wire.Dialects;

namespace Bifrost.Core.Contracts;

/// <summary>The beginning of what was asked or answered, up to a limit, in pooled memory. Long stretches of base64 (pictures, sounds) are left out on
/// the way and replaced by their kind and size, as in <c>[image/png, 123456 bytes]</c>. Not thread-safe.</summary>
/// <param name="limit">Bytes.</param>
public sealed class ContentCopy(int limit) : ITextSink, IDisposable
{
    /// <summary>No word is so long, and no token or key that a person would write.</summary>
    private const int LongRun = 512;

    private const int FirstRoom = 1024;
    private const int LongestType = 100;

    // Base64 in both its alphabets, with the escapes that JSON may put into it.
    private static readonly SearchValues<byte> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\"u8
    );

    private byte[] _bytes = [];
    private int _length;

    // Letters at the end of what is kept, in case they are the beginning of a long run.
    private int _run;

    // Letters of a long run under way; 0: there is none.
    private long _leftOut;
    private bool _over;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public int Length => _length;

    /// <summary>Memory held, which may be more than <see cref="Length"/>.</summary>
    public int Held => _bytes.Length;

    /// <summary>Something did not fit.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Further text is kept.</summary>
    public bool TakesMore => !Truncated && !_over;

    public void Write(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty && TakesMore)
        {
            if (_leftOut > 0)
            {
                utf8 = LeaveOut(utf8);
                continue;
            }

            var lead = _run == 0 ? 0 : LettersAtStart(utf8);
            if (_run + lead >= LongRun)
            {
                _length -= _run;
                (_leftOut, _run) = (_run + lead, 0);
                utf8 = utf8[lead..];
                continue;
            }

            var start = StartOfRun(utf8);
            Append(utf8[..start]);
            if (start == utf8.Length)
            {
                var last = utf8.LastIndexOfAnyExcept(Letters);
                _run = last < 0 ? _run + utf8.Length : utf8.Length - 1 - last;
                return;
            }

            _run = 0;
            utf8 = utf8[start..];
            _leftOut = LettersAtStart(utf8);
            utf8 = utf8[(int)_leftOut..];
        }
    }

    /// <summary>Nothing more is taken.</summary>
    public void Close()
    {
        _over = true;
        if (_leftOut > 0)
        {
            Mark();
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _length) = ([], 0);
        }
    }

    private static int LettersAtStart(ReadOnlySpan<byte> utf8)
    {
        var end = utf8.IndexOfAnyExcept(Letters);
        return end < 0 ? utf8.Length : end;
    }

    // A run cannot begin before the last other byte of a window as wide as it, so most of the text is never looked at.
    private static int StartOfRun(ReadOnlySpan<byte> utf8)
    {
        var start = 0;
        while (start + LongRun <= utf8.Length)
        {
            var other = utf8.Slice(start, LongRun).LastIndexOfAnyExcept(Letters);
            if (other < 0)
            {
                return start;
            }

            start += other + 1;
        }

        return utf8.Length;
    }

    private ReadOnlySpan<byte> LeaveOut(ReadOnlySpan<byte> utf8)
    {
        var more = LettersAtStart(utf8);
        _leftOut += more;
        if (more < utf8.Length)
        {
            Mark();
        }

        return utf8[more..];
    }

    private void Mark()
    {
        Span<byte> mark = stackalloc byte[LongestType + 40];
        mark[0] = (byte)'[';
        var length = 1 + WriteType(mark[1..]);
        ", "u8.CopyTo(mark[length..]);
        length += 2;
        _ = Utf8Formatter.TryFormat(_leftOut / 4 * 3, mark[length..], out var digits);
        length += digits;
        " bytes]"u8.CopyTo(mark[length..]);
        _leftOut = 0;
        Append(mark[..(length + 7)]);
    }

    /// <summary>The type that a data URL names, which is taken back; else <c>base64</c>.</summary>
    private int WriteType(Span<byte> to)
    {
        var kept = _bytes.AsSpan(0, _length);
        var tail = kept[^Math.Min(kept.Length, LongestType)..];
        var at = tail.EndsWith(";base64,"u8) ? tail.LastIndexOf("data:"u8) : -1;
        if (at < 0)
        {
            "base64"u8.CopyTo(to);
            return 6;
        }

        var type = tail[(at + 5)..^8];
        type.CopyTo(to);
        _length -= tail.Length - at;
        return type.Length;
    }

    private void Append(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > limit - _length)
        {
            utf8 = utf8[..(limit - _length)];
            Truncated = true;
        }

        if (utf8.Length > _bytes.Length - _length)
        {
            var wider = ArrayPool<byte>.Shared.Rent(
                Math.Min(limit, Math.Max(FirstRoom, Math.Max(2 * _bytes.Length, _length + utf8.Length)))
            );
            _bytes.AsSpan(0, _length).CopyTo(wider);
            Dispose(ref _bytes, wider);
        }

        utf8.CopyTo(_bytes.AsSpan(_length));
        _length += utf8.Length;
    }

    private static void Dispose(ref byte[] before, byte[] now)
    {
        if (before.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(before);
        }

        before = now;
    }
}
