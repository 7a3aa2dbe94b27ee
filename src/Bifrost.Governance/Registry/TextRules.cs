using System.Buffers;

namespace Bifrost.Governance.Registry;

/// <summary>What texts must be to be shown, sent and compared.</summary>
internal static class TextRules
{
    public const string Length = "This is 1 to 255 characters, without control characters and not blank.";

    public const int Longest = 255;

    // RFC 9110, section 5.6.2: the characters of a token.
    private static readonly SearchValues<char> HeaderName = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    /// <summary>Headers whose values are secrets, and so must never become part of a record.</summary>
    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "x-bf-vk",
    };

    public static bool IsBlankOrLong(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Longest)
        {
            return true;
        }

        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsHeaderName(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(HeaderName);

    public static bool IsSecretHeader(string text) => Secret.Contains(text);
}
