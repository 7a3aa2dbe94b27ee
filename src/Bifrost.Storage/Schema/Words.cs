using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Storage.Schema;

/// <summary>Text that came from callers, made fit for both databases. A line that no database takes would stop every line after it: PostgreSQL refuses
/// U+0000 and index entries of more than 2704 bytes (https://www.postgresql.org/docs/15/btree-implementation.html), and half a surrogate pair is no UTF-8.</summary>
internal static class Words
{
    /// <summary>Characters kept; at three bytes each, a third of what an index takes is left for the other columns.</summary>
    public const int Most = 500;

    private const char Instead = '\uFFFD';

    public static string Clean(string text) => Whole(text.Length > Most ? text[..Most] : text);

    public static string? CleanOrNull(string? text) => text is null ? null : Clean(text);

    /// <summary>As <see cref="Clean"/>, but different keys stay different.</summary>
    public static string Key(string text) =>
        text.Length <= Most
            ? Whole(text)
            : $"{Clean(text[..(Most / 2)])}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Whole(string text)
    {
        foreach (var letter in text)
        {
            if (letter == '\0' || char.IsSurrogate(letter))
            {
                // The encoder puts U+FFFD in the place of half a pair.
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', Instead);
            }
        }

        return text;
    }
}
