using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Bifrost.Observability.Redaction;

/// <summary>Takes secrets out of what is kept. Immutable, any thread.</summary>
public sealed class Redactor
{
    /// <summary>For one of the operator's expressions on one text; one that takes longer takes the whole text with it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"',;:{}[]()<>\\");

    private static readonly SearchValues<char> BetweenTexts = SearchValues.Create(" \t\r\n,:");

    private readonly SecretNames _names;
    private readonly Regex[] _patterns;
    private long _timeouts;

    /// <param name="secretFields">Names besides the known ones.</param>
    /// <param name="secretPatterns">Regular expressions that <see cref="Mistake"/> finds nothing wrong with; others throw.</param>
    public Redactor(IReadOnlyList<string> secretFields, IReadOnlyList<string> secretPatterns)
    {
        _names = new SecretNames(secretFields);
        _patterns = [.. secretPatterns.Select(p => new Regex(p, RegexOptions.CultureInvariant, Patience))];
    }

    public static Redactor Standard { get; } = new([], []);

    /// <summary>Texts that were given up because an expression of the operator's took too long.</summary>
    public long Timeouts => Interlocked.Read(ref _timeouts);

    /// <summary>What is wrong with a regular expression, or null.</summary>
    public static string? Mistake(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, Patience);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>Plain text with <c>***</c> where a secret was.</summary>
    public string Text(string text)
    {
        var clean = SecretText.Redact(text);
        foreach (var pattern in _patterns)
        {
            try
            {
                clean = pattern.Replace(clean, SecretText.Mark);
            }
            catch (RegexMatchTimeoutException)
            {
                Interlocked.Increment(ref _timeouts);
                return SecretText.Mark;
            }
        }

        return clean;
    }

    /// <summary>The value of a field or header with this name.</summary>
    public string Value(string name, string value) => IsSecretName(name) ? SecretText.Mark : Text(value);

    public bool IsSecretName(string name) => _names.Contains(name);

    /// <summary>A body in UTF-8: JSON field by field, however it is cut off; all else as text.</summary>
    /// <param name="body">What was said.</param>
    /// <param name="truncated">Its end was cut off.</param>
    public byte[] Body(ReadOnlySpan<byte> body, bool truncated)
    {
        if (JsonRedaction.TryRedact(body, this, out var clean, out var rest))
        {
            return rest == body.Length ? clean : [.. clean, .. Encoding.UTF8.GetBytes(Tail(Encoding.UTF8.GetString(body[rest..])))];
        }

        var text = Encoding.UTF8.GetString(body);
        return Encoding.UTF8.GetBytes(Text(truncated ? WithoutHalfWord(text) : text));
    }

    /// <summary>Where JSON ends early, what is left: as a rule, half a text. Its escapes are read first, or a letter of theirs would stand before a secret
    /// as if it belonged to it (<c>\nsk-…</c>).</summary>
    private string Tail(string json)
    {
        var quote = json.IndexOf('"', StringComparison.Ordinal);
        if (quote < 0 || json.AsSpan(0, quote).ContainsAnyExcept(BetweenTexts))
        {
            return Text(WithoutHalfWord(Unescaped(json)));
        }

        var text = Unescaped(json[(quote + 1)..]);
        var clean = text.AsSpan().TrimStart() is ['{' or '[', ..]
            ? Encoding.UTF8.GetString(Body(Encoding.UTF8.GetBytes(text), truncated: true))
            : Text(WithoutHalfWord(text));
        return json[..(quote + 1)] + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(clean);
    }

    /// <summary>Whatever follows a backslash, as what it stands for; an escape that was cut off is left out.</summary>
    private static string Unescaped(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != '\\')
            {
                text.Append(json[at]);
                continue;
            }

            at++;
            if (at < json.Length && json[at] != 'u')
            {
                text.Append(
                    json[at] switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\b',
                        'f' => '\f',
                        var itself => itself,
                    }
                );
            }
            else if (
                at + 4 < json.Length
                && ushort.TryParse(json.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            )
            {
                text.Append((char)unit);
                at += 4;
            }
            else
            {
                at = Math.Min(at + 4, json.Length);
            }
        }

        return text.ToString();
    }

    /// <summary>Text whose end was cut off, without the word that was cut: half a secret does not look like one.</summary>
    public static string WithoutHalfWord(string text)
    {
        var end = text.AsSpan().LastIndexOfAny(WordEnds);
        return end < 0 ? "" : text[..(end + 1)];
    }
}
