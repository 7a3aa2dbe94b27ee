using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bifrost.Configuration;

/// <summary>Opens the JSON of a configuration, or says in which line and column it breaks.</summary>
internal static class JsonFile
{
    /// <returns>The document, or null and a mistake.</returns>
    public static JsonDocument? Open(ReadOnlyMemory<byte> bytes, Findings findings)
    {
        var json = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            findings.Mistake("", "The file is empty. Write {} for a configuration that changes nothing.");
            return null;
        }

        if (!Utf8.IsValid(json.Span))
        {
            findings.Mistake("", "The file is not UTF-8 text. Save it as UTF-8.");
            return null;
        }

        try
        {
            CheckEscapes(json.Span);
            return JsonDocument.Parse(json);
        }
        catch (JsonException broken)
        {
            findings.Mistake("", Explain(json.Span, (int)(broken.LineNumber ?? 0), (int)(broken.BytePositionInLine ?? 0)));
            return null;
        }
    }

    // A half of a surrogate pair, escaped, passes the parser and throws only when the text is taken out.
    private static void CheckEscapes(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped || reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                continue;
            }

            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException inner)
            {
                var before = json[..(int)reader.TokenStartIndex];
                throw new JsonException("", null, before.Count((byte)'\n'), before.Length - before.LastIndexOf((byte)'\n') - 1, inner);
            }
        }
    }

    // The parser's own words may repeat what it stumbled over, and that may be a key.
    private static string Explain(ReadOnlySpan<byte> json, int line, int byteInLine)
    {
        var start = 0;
        for (var i = 0; i < line; i++)
        {
            start += json[start..].IndexOf((byte)'\n') + 1;
        }

        var at = Math.Min(start + byteInLine, json.Length);
        var column = Encoding.UTF8.GetCharCount(json[start..at]) + 1;
        return $"The file is not JSON: line {line + 1}, column {column}. {Reason(json, at)}";
    }

    private static string Reason(ReadOnlySpan<byte> json, int at)
    {
        var before = json[..at].TrimEnd(" \t\r\n"u8);
        if (json[at..].Trim(" \t\r\n"u8).IsEmpty)
        {
            return "The file ends before everything that was opened is closed.";
        }

        var here = json[at];
        return here is (byte)'/' or (byte)'#' ? "Comments are not allowed."
            : here is (byte)'}' or (byte)']' && before is [.., (byte)','] ? "There is a comma after the last entry. Take it away."
            : here is (byte)'\'' ? "Strings stand in double quotes."
            : here is (byte)'\r' or (byte)'\n' or (byte)'\t' ? "A string has a line break or a tab in it, or its closing quote is missing."
            : "Something other than what JSON allows stands here; often a comma or a quote is missing just before.";
    }
}
