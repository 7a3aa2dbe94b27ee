using System.Text;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Framing;

/// <summary>One pass over the bytes of a form.</summary>
internal sealed class MultipartWalk(ReadOnlyMemory<byte> body, byte[] delimiter)
{
    /// <summary>Bytes of headers that one part may have.</summary>
    private const int MaxHeaderBytes = 16 * 1024;

    private readonly List<MultipartPart> _parts = [];
    private byte[] _newline = [];
    private byte[] _separator = [];
    private int _at;
    private string? _name;
    private string? _fileName;
    private string? _contentType;

    private ReadOnlySpan<byte> Bytes => body.Span;

    public Outcome<MultipartForm> Run()
    {
        if (!FindFirst(out var last))
        {
            return MultipartForm.Broken("The boundary that the Content-Type names does not occur in the body.");
        }

        while (!last)
        {
            if (_parts.Count == MultipartForm.MaxParts)
            {
                return MultipartForm.Broken($"The form has more than {MultipartForm.MaxParts} parts.");
            }

            if (ReadHeaders() is { } fault)
            {
                return fault;
            }

            var start = _at;
            if (!FindNext(out var end, out last))
            {
                return MultipartForm.Broken(
                    $"The body ends inside the form field \"{MultipartForm.Clip(_name!)}\": the closing boundary is missing."
                );
            }

            _parts.Add(new MultipartPart(_name!, _fileName, _contentType, start, end - start));
        }

        return new MultipartForm(body, _parts);
    }

    // The first delimiter decides how lines end in this body, so that a lone LF in binary content is never mistaken for a line end.
    private bool FindFirst(out bool last)
    {
        for (var from = 0; Bytes[from..].IndexOf(delimiter) is >= 0 and var offset; from += offset + 1)
        {
            var hit = from + offset;
            if ((hit == 0 || Bytes[hit - 1] == '\n') && EndsLine(hit + delimiter.Length, out last))
            {
                _separator = [.. _newline, .. delimiter];
                return true;
            }
        }

        last = false;
        return false;
    }

    private bool FindNext(out int end, out bool last)
    {
        // Some senders write no newline after the headers of an empty part: the one that ended the headers counts.
        for (var from = _at - _newline.Length; Bytes[from..].IndexOf(_separator) is >= 0 and var offset; from += offset + 1)
        {
            var hit = from + offset;
            var start = _at; // EndsLine moves it
            if (EndsLine(hit + _separator.Length, out last))
            {
                end = Math.Max(hit, start);
                return true;
            }
        }

        (end, last) = (0, false);
        return false;
    }

    /// <summary>Whether what follows the boundary makes it one: a newline, or the two dashes that end the form.</summary>
    private bool EndsLine(int at, out bool last)
    {
        var rest = Bytes[at..];
        last = rest.StartsWith("--"u8);
        if (last)
        {
            return true;
        }

        var padding = rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        rest = padding < 0 ? [] : rest[padding..];
        var newline =
            rest.StartsWith("\r\n"u8) ? "\r\n"u8
            : rest.StartsWith("\n"u8) ? "\n"u8
            : default;
        if (newline.IsEmpty || (_newline.Length > 0 && !newline.SequenceEqual(_newline)))
        {
            return false;
        }

        _newline = _newline.Length > 0 ? _newline : newline.ToArray();
        _at = at + Math.Max(padding, 0) + newline.Length;
        return true;
    }

    private Fault? ReadHeaders()
    {
        (_name, _fileName, _contentType) = (null, null, null);
        for (var first = _at; ; )
        {
            var length = Bytes[_at..].IndexOf(_newline);
            if (length < 0 || _at + length - first > MaxHeaderBytes)
            {
                return MultipartForm.Broken(
                    length < 0 ? "The body ends inside the headers of a form field." : "A form field has more than 16 KiB of headers."
                );
            }

            var line = Bytes.Slice(_at, length);
            _at += length + _newline.Length;
            if (line.IsEmpty)
            {
                break;
            }

            ReadHeader(Encoding.UTF8.GetString(line));
        }

        return string.IsNullOrEmpty(_name)
            ? MultipartForm.Broken($"Part {_parts.Count + 1} of the form has no name in its Content-Disposition header.")
            : null;
    }

    private void ReadHeader(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return;
        }

        var label = line.AsSpan(0, colon).Trim();
        var value = line[(colon + 1)..].Trim();
        if (label.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
        {
            _name = MultipartParameters.Find(value, "name");
            _fileName = MultipartParameters.Find(value, "filename");
        }
        else if (label.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && value.Length > 0)
        {
            _contentType = value;
        }
    }
}
