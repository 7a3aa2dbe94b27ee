using System.Text;

namespace Bifrost.Wire.Framing;

/// <summary>Reads parameters behind a header value: quoted, bare, or in the extended notation of RFC 5987 (<c>filename*=UTF-8''…</c>).</summary>
internal static class MultipartParameters
{
    /// <summary>The value of a parameter, or null. The extended notation wins over the plain one, as RFC 6266 asks.</summary>
    public static string? Find(string header, string name)
    {
        string? plain = null;
        var at = header.IndexOf(';', StringComparison.Ordinal);
        while (at >= 0 && at < header.Length)
        {
            var equals = header.IndexOf('=', at);
            if (equals < 0)
            {
                break;
            }

            // A stray parameter without a value ("form-data; x; name=y") leaves its own semicolon in front.
            var label = header.AsSpan(at, equals - at);
            label = label[(label.LastIndexOf(';') + 1)..].Trim();
            var value = ReadValue(header, equals + 1, out at);
            if (label.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                plain ??= value;
            }
            else if (
                label.Length == name.Length + 1
                && label[^1] == '*'
                && label[..^1].Equals(name, StringComparison.OrdinalIgnoreCase)
                && Extended(value) is { } extended
            )
            {
                return extended;
            }
        }

        return plain;
    }

    private static string ReadValue(string header, int at, out int next)
    {
        while (at < header.Length && header[at] is (' ' or '\t'))
        {
            at++;
        }

        if (at >= header.Length || header[at] != '"')
        {
            var end = header.IndexOf(';', at);
            next = end < 0 ? header.Length : end;
            return header[at..next].Trim();
        }

        var value = new StringBuilder();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            // Only these two are escapes: older browsers send Windows paths with bare backslashes.
            if (header[at] == '\\' && at + 1 < header.Length && header[at + 1] is ('"' or '\\'))
            {
                at++;
            }

            value.Append(header[at]);
        }

        var semicolon = at < header.Length ? header.IndexOf(';', at) : -1;
        next = semicolon < 0 ? header.Length : semicolon;
        return value.ToString();
    }

    private static string? Extended(string value)
    {
        var parts = value.Split('\'', 3);
        return parts.Length == 3 && parts[0].Equals("UTF-8", StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(parts[2]) : null;
    }
}
