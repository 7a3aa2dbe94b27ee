using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Deliver;

/// <summary>Text from outside, made fit for a response header.</summary>
internal static class HeaderText
{
    private const int MaxLength = 2000;

    /// <summary>Printable ASCII only, clipped: a line break here would let an upstream or a caller write headers.</summary>
    public static string Of(string text)
    {
        var safe = text.Length <= MaxLength;
        foreach (var c in text)
        {
            safe &= c is >= ' ' and < '\x7f';
        }

        if (safe)
        {
            return text;
        }

        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            clean.Append(c is >= ' ' and < '\x7f' ? c : '?');
        }

        return clean.ToString();
    }

    /// <summary><c>x-bf-dropped-params</c> and <c>x-bf-changed-params</c> list names; <c>x-bf-warnings</c> says why.</summary>
    public static void WriteNotes(IReadOnlyList<ParameterNote> notes, IHeaderDictionary headers)
    {
        var dropped = new StringBuilder();
        var changed = new StringBuilder();
        var warnings = new StringBuilder();
        foreach (var note in notes)
        {
            var names = note.Change == "dropped" ? dropped : changed;
            names.Append(names.Length > 0 ? ", " : "").Append(note.Parameter);
            warnings.Append(warnings.Length > 0 ? " " : "").Append(note.Message);
        }

        Set(headers, "x-bf-dropped-params", dropped);
        Set(headers, "x-bf-changed-params", changed);
        Set(headers, "x-bf-warnings", warnings);
    }

    private static void Set(IHeaderDictionary headers, string name, StringBuilder value)
    {
        if (value.Length > 0)
        {
            headers[name] = Of(value.ToString());
        }
    }
}
