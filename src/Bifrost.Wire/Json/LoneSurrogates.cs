using System.Buffers.Text;

namespace Bifrost.Wire.Json;

/// <summary>Finds <c>\ud800</c>-like escapes without their other half. They are valid JSON, yet no string can be made of them: the framework
/// throws on the first read of such a value or member name, so they are dealt with before parsing.</summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Position of the first one at or after <paramref name="from"/>, or -1.</summary>
    public static int Find(ReadOnlySpan<byte> json, int from = 0)
    {
        var at = from;
        while (at < json.Length)
        {
            var step = json[at..].IndexOf((byte)'\\');
            if (step < 0)
            {
                return -1;
            }

            at += step;
            if (!TryUnit(json[at..], out var unit) || !char.IsSurrogate(unit))
            {
                at += 2;
            }
            else if (char.IsHighSurrogate(unit) && TryUnit(json[(at + EscapeLength)..], out var low) && char.IsLowSurrogate(low))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Puts the replacement character (same length when escaped) in place of each.</summary>
    public static void Mend(Span<byte> json)
    {
        for (var at = Find(json); at >= 0; at = Find(json, at + EscapeLength))
        {
            "\\ufffd"u8.CopyTo(json[at..]);
        }
    }

    private static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < EscapeLength || text[0] != '\\' || text[1] != 'u')
        {
            return false;
        }

        var read = Utf8Parser.TryParse(text[2..EscapeLength], out ushort value, out var consumed, 'x') && consumed == 4;
        unit = (char)value;
        return read;
    }
}
