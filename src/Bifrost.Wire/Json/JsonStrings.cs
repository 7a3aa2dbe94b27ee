using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bifrost.Wire.Json;

/// <summary>Finds the end of a JSON string, 64 bytes at a time.</summary>
/// <remarks>The trick: one comparison marks every quote, backslash and control character of a block in the bits of a number, and only the marked
/// bytes are looked at. A search that starts anew behind each escape takes ten times as long over text that is full of them, as quoted code is
/// (<c>EnvelopeScanning</c> in bench/).</remarks>
internal static class JsonStrings
{
    private const int Block = 64;

    /// <param name="text">From anywhere on.</param>
    /// <param name="at">The first byte behind the opening quote.</param>
    /// <param name="escaped">There is an escape in it.</param>
    /// <returns>Where the closing quote stands; negative when there is none, or something stands before it that may not.</returns>
    public static int FindEnd(ReadOnlySpan<byte> text, int at, out bool escaped)
    {
        escaped = false;
        while (Vector256.IsHardwareAccelerated && text.Length - at >= Block)
        {
            var next = at + Block;
            for (var marks = MarksAt(text, at); marks != 0; )
            {
                var mark = at + BitOperations.TrailingZeroCount(marks);
                if (text[mark] != (byte)'\\')
                {
                    return text[mark] == (byte)'"' ? mark : -1;
                }

                escaped = true;
                var length = EscapeLength(text, mark);
                if (length == 0)
                {
                    return -1;
                }

                var behind = mark + length - at;
                marks = behind < Block ? marks & (ulong.MaxValue << behind) : 0;
                next = Math.Max(next, at + behind);
            }

            at = next;
        }

        return FindEndOneByOne(text, at, ref escaped);
    }

    private static int FindEndOneByOne(ReadOnlySpan<byte> text, int at, ref bool escaped)
    {
        while (at < text.Length)
        {
            switch (text[at])
            {
                case (byte)'"':
                    return at;
                case (byte)'\\':
                    escaped = true;
                    var length = EscapeLength(text, at);
                    if (length == 0)
                    {
                        return -1;
                    }

                    at += length;
                    break;
                case < (byte)' ':
                    return -1;
                default:
                    at++;
                    break;
            }
        }

        return -1;
    }

    /// <summary>A bit for each of the next 64 bytes that is a quote, a backslash or a control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MarksAt(ReadOnlySpan<byte> text, int at)
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at);
        return Marks(Vector256.LoadUnsafe(ref first)) | ((ulong)Marks(Vector256.LoadUnsafe(ref first, Block / 2)) << (Block / 2));
    }

    private static uint Marks(Vector256<byte> bytes) =>
        (
            Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(bytes, Vector256.Create((byte)' '))
        ).ExtractMostSignificantBits();

    /// <summary>2 or 6; 0 when it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EscapeLength(ReadOnlySpan<byte> text, int at)
    {
        if (at + 1 >= text.Length)
        {
            return 0;
        }

        return text[at + 1] switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => 2,
            (byte)'u' => IsFourHex(text, at + 2) ? 6 : 0,
            _ => 0,
        };
    }

    private static bool IsFourHex(ReadOnlySpan<byte> text, int at)
    {
        if (text.Length - at < 4)
        {
            return false;
        }

        var hex = text.Slice(at, 4);
        return char.IsAsciiHexDigit((char)hex[0])
            && char.IsAsciiHexDigit((char)hex[1])
            && char.IsAsciiHexDigit((char)hex[2])
            && char.IsAsciiHexDigit((char)hex[3]);
    }
}
